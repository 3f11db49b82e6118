// Makes CheckpointAnchor.json from CheckpointAnchor.sol with npm's solc, which is JavaScript alone:
//   npm install solc@0.8.37 && node contracts/compile.mjs [where the JSON goes]
// The same source, compiler and settings give the same bytes; a test holds the committed file to that.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NAME = "CheckpointAnchor";
const folder = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(folder, `${NAME}.json`);
// solc is looked for from where we are called, so that it need not lie in this folder.
const solc = createRequire(join(process.cwd(), "package.json"))("solc");

const source = readFileSync(join(folder, `${NAME}.sol`), "utf8");
const settings = {
  evmVersion: "paris",
  optimizer: { enabled: true, runs: 200 },
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};
const input = { language: "Solidity", sources: { [`${NAME}.sol`]: { content: source } }, settings };
const output = JSON.parse(solc.compile(JSON.stringify(input)));
for (const trouble of output.errors ?? []) {
  process.stderr.write(trouble.formattedMessage);
}
if ((output.errors ?? []).length > 0) {
  process.exit(1);
}
const made = output.contracts[`${NAME}.sol`][NAME];
const { outputSelection, ...kept } = settings;
writeFileSync(
  target,
  JSON.stringify(
    {
      contract: NAME,
      source_sha256: createHash("sha256").update(source).digest("hex"),
      compiler: solc.version(),
      settings: kept,
      abi: made.abi,
      bytecode: `0x${made.evm.bytecode.object}`,
      deployed_bytecode: `0x${made.evm.deployedBytecode.object}`,
    },
    null,
    1,
  ) + "\n",
);
