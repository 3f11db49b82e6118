"use strict";

// Double-entry books: what the shown entries did to value, and whether it adds up.
//
// Every movement takes from one account what it gives to another; nobody but the accounts of issue
// and of the outside (1 and 2) may fall below nought. Quantities are whole numbers of the smallest
// unit, of any length, so they are BigInt.

const FEES = "7";
const LAST_BELOW_NOUGHT = 2n;
const DIGITS_MAX = 40;
const BALANCE = ["account", "instrument", "quantity"];
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

function integerOf(text) {
  if (!/^-?[0-9]+$/.test(text) || text.length > DIGITS_MAX) {
    throw new Refused("books.number", { found: shorten(text) });
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

  move(source, target, instrument, text) {
    const quantity = integerOf(text);
    if (quantity <= 0n) {
      throw new Refused("books.not_positive");
    }
    this.post(target, instrument, quantity);
    this.post(source, instrument, -quantity);
    this.moved += 1;
  }

  /** Of a hold of somebody else's, into an account of somebody else's, one account knows nothing. */
  consume(name, target, text) {
    const hold = this.holds.get(name);
    if (hold !== undefined) {
      this.move(hold.account, target, hold.instrument, text);
    } else if (this.only === null || this.only === target) {
      throw new Refused("books.unknown", { name: shorten(name) });
    }
  }

  fill(buy, sell, ...figures) {
    const [buyer, seller] = [this.orders.get(buy), this.orders.get(sell)];
    const known = [buyer, seller].filter((order) => order !== undefined);
    if (known.length === 0 && this.only !== null && this.only !== FEES) {
      return; // a fill of others in an entry of this account's
    }
    const needed = this.only === null ? 2 : 1;
    if (known.length < needed || known[0].instrument !== known.at(-1).instrument) {
      throw new Refused("books.unknown", { name: shorten(`${buy}, ${sell}`) });
    }
    const [ticks, lots, buyerFee, sellerFee] = figures.map((text) => integerOf(text));
    if (ticks <= 0n || lots <= 0n || buyerFee < 0n || sellerFee < 0n) {
      throw new Refused("books.not_positive");
    }
    const { instrument } = known[0];
    const currency = this.currencies.get(instrument);
    if (currency === undefined) {
      throw new Refused("books.unknown", { name: shorten(instrument) });
    }
    this.settle(seller, { currency, cash: ticks * lots - sellerFee, lots: -lots });
    this.settle(buyer, { currency, cash: -ticks * lots - buyerFee, lots });
    this.post(FEES, currency, buyerFee + sellerFee);
    this.moved += 1;
  }

  /** Post one side of a trade, where it is known whose it is. */
  settle(order, { currency, cash, lots }) {
    if (order !== undefined) {
      this.post(order.account, currency, cash);
      this.post(order.account, order.instrument, lots);
    }
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

  /** Check that these are the bundle's balances, each once; what is nought is in none. */
  check(bytes) {
    const said = new Set();
    for (const line of linesOf(bytes, "balances.jsonl")) {
      const row = objectOf(line, "balances.jsonl");
      const isText = Object.values(row).every((each) => typeof each === "string");
      if (!hasMembers(row, BALANCE) || !isText) {
        throw new Refused("books.row", { found: shorten(line) });
      }
      const { account, instrument, quantity } = row;
      numberOf(account, "account");
      const place = placeOf(account, instrument);
      if (said.has(place)) {
        throw new Refused("books.twice", { account, instrument });
      }
      said.add(place);
      const found = this.balances.get(place) ?? 0n;
      if (found === 0n || found.toString() !== quantity) {
        throw differing(place, found, shorten(quantity));
      }
    }
    for (const [place, found] of this.balances) {
      if (found !== 0n && !said.has(place)) {
        throw differing(place, found, "0");
      }
    }
  }
}

function differing(place, found, expected) {
  const [account, instrument] = JSON.parse(place);
  return new Refused("books.differ", { account, instrument, found: found.toString(), expected });
}
