"use strict";

// Double-entry books: what the shown entries did to value, and whether it adds up.
//
// Every movement takes from one account what it gives to another; nobody but the accounts of issue
// and of the outside (1 and 2) may fall below nought. Quantities are whole numbers of the smallest
// unit, of any length, so they are BigInt.

const FEES = "7";
const LAST_BELOW_NOUGHT = 2n;
const DIGITS_MAX = 40;
// The effects that move value or say whose it is, and their terms; no other effect moves any.
const TERMS = new Map([
  ["book_opened", ["instrument", "currency"]],
  ["order_accepted", ["order", "account", "instrument"]],
  ["hold_placed", ["hold", "account", "instrument"]],
  ["moved", ["source", "target", "instrument", "quantity"]],
  ["hold_consumed", ["hold", "target", "quantity"]],
  ["filled", ["buy", "sell", "ticks", "lots", "buyer_fee", "seller_fee"]],
]);

/** Give what effects did to value: [kind, terms]. */
function operationsOf(effects, index) {
  if (!Array.isArray(effects)) {
    throw new Refused("bodies.effects", { index });
  }
  const operations = [];
  for (const each of effects) {
    const names = TERMS.get(each?.effect);
    if (names === undefined && typeof each?.effect !== "string") {
      throw new Refused("bodies.effects", { index });
    }
    if (names !== undefined) {
      const terms = names.map((name) => each[name]);
      if (terms.some((term) => typeof term !== "string")) {
        throw new Refused("bodies.effects", { index });
      }
      operations.push([each.effect, terms]);
    }
  }
  return operations;
}

function integerOf(text, code = "books.number") {
  if (!/^-?[0-9]+$/.test(text) || text.length > DIGITS_MAX) {
    throw new Refused(code, { found: shorten(text) });
  }
  return BigInt(text);
}

function placeOf(account, instrument) {
  return JSON.stringify([account, instrument]);
}

/** Everybody's balances, from nought. `only` knows the entries of one account, not the others'. */
class Books {
  constructor(only) {
    this.only = only;
    this.balances = new Map();
    this.currencies = new Map();
    this.orders = new Map();
    this.holds = new Map();
    this.moved = 0;
  }

  takeAll(index, operations) {
    for (const [kind, terms] of operations) {
      try {
        this.take(kind, terms);
      } catch (error) {
        if (!(error instanceof Refused)) {
          throw error;
        }
        throw new Refused(error.code, { ...error.values, index, kind });
      }
    }
  }

  take(kind, terms) {
    switch (kind) {
      case "book_opened":
        this.currencies.set(terms[0], terms[1]);
        break;
      case "order_accepted":
        this.orders.set(terms[0], { account: terms[1], instrument: terms[2] });
        break;
      case "hold_placed":
        this.holds.set(terms[0], { account: terms[1], instrument: terms[2] });
        break;
      case "moved":
        this.move(...terms);
        break;
      case "hold_consumed":
        this.consume(...terms);
        break;
      case "filled":
        this.fill(...terms);
        break;
    }
  }

  /** Whose an order or a hold is; another's may be unknown to one account's entries. */
  find(known, name) {
    const found = known.get(name);
    if (found === undefined && this.only === null) {
      throw new Refused("books.unknown", { name: shorten(name) });
    }
    return found;
  }

  move(source, target, instrument, text) {
    const quantity = integerOf(text);
    if (quantity <= 0n) {
      throw new Refused("books.not_positive");
    }
    this.post(target, instrument, quantity);
    this.post(source, instrument, -quantity);
    this.moved += 1;
  }

  consume(name, target, text) {
    const hold = this.find(this.holds, name) ?? { account: target, instrument: "" };
    this.move(hold.account, target, hold.instrument, text);
  }

  fill(buy, sell, ...figures) {
    const buyer = this.find(this.orders, buy);
    const seller = this.find(this.orders, sell);
    const [ticks, lots, buyerFee, sellerFee] = figures.map((text) => integerOf(text));
    if (ticks <= 0n || lots <= 0n || buyerFee < 0n || sellerFee < 0n) {
      throw new Refused("books.not_positive");
    }
    const instrument = (buyer ?? seller)?.instrument ?? "";
    const currency = this.currencies.get(instrument);
    if (currency === undefined) {
      throw new Refused("books.unknown", { name: shorten(instrument) });
    }
    this.settle(seller, { currency, instrument, price: ticks * lots, lots: -lots, fee: sellerFee });
    this.settle(buyer, { currency, instrument, price: -ticks * lots, lots, fee: buyerFee });
    this.moved += 1;
  }

  /** Post one side of a trade; the other sides' names say which way money and lots go. */
  settle(order, { currency, instrument, price, lots, fee }) {
    if (order !== undefined) {
      this.post(order.account, currency, price - fee);
      this.post(order.account, instrument, lots);
    }
    this.post(FEES, currency, fee);
  }

  post(account, instrument, quantity) {
    if (this.only !== null && account !== this.only) {
      return;
    }
    const place = placeOf(account, instrument);
    const balance = (this.balances.get(place) ?? 0n) + quantity;
    this.balances.set(place, balance);
    if (balance < 0n && integerOf(account) > LAST_BELOW_NOUGHT) {
      const found = balance.toString();
      throw new Refused("books.below_nought", { account, instrument, found });
    }
  }

  /** Check that these are the bundle's balances. */
  check(bytes) {
    const said = new Map();
    const text = textOf(bytes, "balances.jsonl");
    for (const line of text === "" ? [] : text.replace(/\n$/, "").split("\n")) {
      const { account, instrument, quantity } = objectOf(line, "balances.jsonl");
      if ([account, instrument, quantity].some((each) => typeof each !== "string")) {
        throw new Refused("read.json", { what: "balances.jsonl" });
      }
      if (said.has(placeOf(account, instrument))) {
        throw new Refused("books.twice", { account, instrument });
      }
      said.set(placeOf(account, instrument), integerOf(quantity, "books.row"));
    }
    for (const place of [...new Set([...said.keys(), ...this.balances.keys()])].sort()) {
      const found = this.balances.get(place) ?? 0n;
      const expected = said.get(place) ?? 0n;
      if (found !== expected) {
        const [account, instrument] = JSON.parse(place);
        const figures = { found: found.toString(), expected: expected.toString() };
        throw new Refused("books.differ", { account, instrument, ...figures });
      }
    }
  }
}
