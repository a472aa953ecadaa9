import type { Call, Freeze, Operation, RejectType } from './operation.ts';

/*
 * The ledger once more, in the manner of accounts: balances, amounts held, amounts awaited, debts, supply, in plain maps. Written from the
 * rules of the ledger alone; it shares no code with the state machine, so that one mistake is not made twice.
 */

/** An account as the shadow knows it. */
export type ShadowAccount = {
  nonce: number;
  level: number;
  levelExpiresAt: number;
  registrar: boolean;
  arbiter: boolean;
  freeze: number;
  autoAccept: boolean;
  dailyLimit: bigint;
  joined: boolean;
  stake: bigint;
  openRequests: number;
  openDebts: number;
};

/** An asset as the shadow knows it. */
export type ShadowAsset = {
  gateways: readonly string[];
  threshold: number;
  immediate: boolean;
  minLevel: number;
  freeze: number;
  supply: bigint;
};

/** An open request, or what is remembered of a closed one. `state` is its digit in the table of transitions. */
export type ShadowRequest = {
  state: number;
  owner: string;
  readonly requester: string;
  counterparty: string;
  readonly asset: string;
  held: bigint;
  requested: bigint;
  expiresAt: number;
  revision: number;
  claimedAt: number | undefined;
  claimedBy: string;
  closes: boolean;
  terms: number;
  dueAt: number;
  statements: readonly Statement[];
};

type Statement = { readonly gateway: string; readonly amount: bigint; readonly externalRef: string };

/** A debt. */
export type ShadowDebt = {
  readonly lender: string;
  readonly borrower: string;
  readonly asset: string;
  readonly principal: bigint;
  outstanding: bigint;
};

type Delegation = { dailyLimit: bigint; expiresAt: number; day: number; spent: bigint };
type Work = { readonly dueSec: number; readonly kind: 'expiry' | 'forget'; readonly id: string };

/** What the shadow is told about the chain it follows. */
export type ShadowSetting = {
  readonly fee: bigint;
  readonly stake: bigint;
  readonly openRequestsMax: number;
  readonly forgetAfterSec: number;
  readonly staleAfterSec: number;
  readonly expirySecMax: number;
  readonly workPerBlockMax: number;
  /** In the order of the validator set. */
  readonly validators: readonly { readonly operator: string; readonly power: bigint }[];
  readonly feeSharesBps: readonly [validators: bigint, treasury: bigint, audit: bigint];
  /** MTN of the one account with a linear release. */
  readonly founder: { readonly name: string; readonly total: bigint; readonly startSec: number; readonly lockSec: number };
};

/** What became of a call: it could not stand in a block, it stood and failed, or it was applied. */
export type Fate = 'not included' | 'refused' | 'applied';

/** Names of addresses without a key. */
const BRIDGE = 'bridge';
/** Holds joining stakes. */
const STAKES = 'stakes';
const ZERO = 'zero';
const NATIVE = 'MTN';
const DAY_SEC = 86_400;
/** Neither a supply nor what somebody asks for without anybody holding it may exceed this. */
const SUM_MAX = 2n ** 127n - 1n;

const NO_ACCOUNT: ShadowAccount = {
  nonce: 0,
  level: 0,
  levelExpiresAt: 0,
  registrar: false,
  arbiter: false,
  freeze: 0,
  autoAccept: true,
  dailyLimit: 0n,
  joined: false,
  stake: 0n,
  openRequests: 0,
  openDebts: 0,
};

/** Key of what one owner has of one asset. */
export function keyOf(owner: string, asset: string): string {
  return `${owner} ${asset}`;
}

/** The account-style ledger. */
export class ShadowLedger {
  readonly setting: ShadowSetting;
  nowSec: number;
  readonly accounts = new Map<string, ShadowAccount>();
  readonly assets = new Map<string, ShadowAsset>();
  readonly balances = new Map<string, bigint>();
  readonly awaited = new Map<string, bigint>();
  readonly held = new Map<string, bigint>();
  /** 5 once money has come, 6 when closed. */
  readonly mainStates = new Map<string, number>();
  readonly holdingFreezes = new Map<string, number>();
  readonly requests = new Map<string, ShadowRequest>();
  readonly debts = new Map<string, ShadowDebt>();
  /** By owner, delegate and asset in a word each. */
  readonly delegations = new Map<string, Delegation>();
  /** Whom owners let open deposits: owner, gateway and asset in a word each. */
  readonly leaves = new Set<string>();
  readonly #references = new Set<string>();
  readonly #lowestLimits = new Map<string, { day: number; limit: bigint }>();
  readonly #withdrawn = new Map<string, { day: number; sum: bigint }>();
  #work: Work[] = [];
  #pot = 0n;

  constructor(setting: ShadowSetting, nowSec: number) {
    this.setting = setting;
    this.nowSec = nowSec;
  }

  /** A ledger that stands where this one stands now and goes its own way. */
  clone(): ShadowLedger {
    const copy = new ShadowLedger(this.setting, this.nowSec);
    for (const [name, account] of this.accounts) copy.accounts.set(name, { ...account });
    for (const [id, asset] of this.assets) copy.assets.set(id, { ...asset });
    for (const [key, amount] of this.balances) copy.balances.set(key, amount);
    for (const [key, state] of this.mainStates) copy.mainStates.set(key, state);
    return copy;
  }

  /** The account of a name, made when it is first asked for. */
  account(name: string): ShadowAccount {
    const known = this.accounts.get(name);
    if (known !== undefined) return known;
    const account = { ...NO_ACCOUNT };
    this.accounts.set(name, account);
    return account;
  }

  /** What the owner can spend. */
  available(owner: string, asset: string): bigint {
    const balance = this.balances.get(keyOf(owner, asset)) ?? 0n;
    const { founder } = this.setting;
    if (asset !== NATIVE || owner !== founder.name) return balance;
    const elapsed = BigInt(this.nowSec - founder.startSec);
    const lock = BigInt(founder.lockSec);
    const released = elapsed < lock ? 0n : (founder.total * (elapsed - lock)) / (2n * lock);
    const locked = released >= founder.total ? 0n : founder.total - released;
    return balance > locked ? balance - locked : 0n;
  }

  /** Whether a request is open. */
  isOpen(id: string): boolean {
    const state = this.requests.get(id)?.state ?? 0;
    return state >= 1 && state <= 4;
  }

  /** The next second at which something ends: a request, the term of a credit, a level, a delegation, or an arbiter's patience. */
  nextDeadline(): number | undefined {
    const requests = [...this.requests.values()].flatMap(({ expiresAt, claimedAt }) => [
      expiresAt,
      (claimedAt ?? 0) + this.setting.staleAfterSec,
    ]);
    const credits = [...this.requests.values()].filter(({ state }) => state === 3).map(({ dueAt }) => dueAt);
    const levels = [...this.accounts.values()].map(({ levelExpiresAt }) => levelExpiresAt);
    const delegations = [...this.delegations.values()].map(({ expiresAt }) => expiresAt);
    const ahead = [...requests, ...credits, ...levels, ...delegations].filter((atSec) => atSec > this.nowSec);
    return ahead.length === 0 ? undefined : Math.min(...ahead);
  }

  /** Begins a block: what is due is done, oldest first, up to the cap. */
  beginBlock(nowSec: number): void {
    this.nowSec = nowSec;
    for (let done = 0; done < this.setting.workPerBlockMax; done++) {
      const next = this.#work.filter(({ dueSec }) => dueSec <= nowSec).sort(byDueTime)[0];
      if (next === undefined) return;
      this.#work = this.#work.filter((each) => each !== next);
      if (next.kind === 'forget') this.requests.delete(next.id);
      else this.#reject(next.id);
    }
  }

  /** Ends a block: its fees are paid out. */
  endBlock(): void {
    const pot = this.#pot;
    this.#pot = 0n;
    if (pot === 0n) return;
    const [forValidators = 0n, treasury = 0n, audit = 0n] = split(pot, this.setting.feeSharesBps);
    const shares = split(
      forValidators,
      this.setting.validators.map(({ power }) => power),
    );
    this.setting.validators.forEach(({ operator }, index) => {
      this.#pay(operator, NATIVE, shares[index] ?? 0n);
    });
    this.#pay('treasury', NATIVE, treasury);
    this.#pay('audit', NATIVE, audit);
  }

  /** A freeze decided elsewhere. */
  freeze({ account, asset, level }: Freeze): void {
    if (account !== undefined && asset !== undefined) this.holdingFreezes.set(keyOf(account, asset), level);
    else if (account !== undefined) this.account(account).freeze = level;
    else if (asset !== undefined) this.#asset(asset).freeze = level;
  }

  /** Runs one call. */
  apply({ id, from, nonce, payer, operation }: Call): Fate {
    const sender = this.account(from);
    if (nonce !== sender.nonce || this.available(payer, NATIVE) < this.setting.fee) return 'not included';
    this.#take(payer, NATIVE, this.setting.fee);
    this.#pot += this.setting.fee;
    sender.nonce += 1;
    return this.#run(id, from, operation) ? 'applied' : 'refused';
  }

  #run(id: string, from: string, operation: Operation): boolean {
    switch (operation.type) {
      case 'Transfer':
        return this.#transfer(id, from, operation);
      case 'DelegatedTransfer':
        return this.#delegated(id, from, operation);
      case 'SetDelegate':
        return this.#setDelegate(from, operation);
      case 'RequestTransfer':
        return operation.lot === undefined ? this.#openTransfer(id, from, operation) : this.#amendTransfer(operation.lot, from, operation);
      case 'ConfirmTransfer':
        return this.#confirmTransfer(from, operation);
      case 'RequestDeposit':
        return this.#deposit(id, from, from, operation);
      case 'RequestDepositFor': {
        const leave = this.leaves.has(`${operation.owner} ${from} ${operation.asset}`);
        return leave && this.#isGateway(from, operation.asset) && this.#deposit(id, from, operation.owner, operation);
      }
      case 'AuthorizeDeposits':
        return this.#authorize(from, operation);
      case 'ConfirmDeposit':
        return this.#confirmDeposit(from, operation);
      case 'ClaimRequest':
        return this.#claim(from, operation);
      case 'RequestCredit':
        return this.#credit(id, from, operation);
      case 'ConfirmCredit':
        return this.#confirmCredit(from, operation);
      case 'RepayCredit':
        return this.#repay(from, operation);
      case 'RequestWithdrawal':
        return operation.lot === undefined
          ? this.#withdraw(id, from, operation, false)
          : this.#amendWithdrawal(operation.lot, from, operation);
      case 'CloseHolding':
        return this.#close(id, from, operation);
      case 'ConfirmWithdrawal':
        return this.#confirmWithdrawal(from, operation);
      case 'RejectTransfer':
      case 'RejectDeposit':
      case 'RejectCredit':
      case 'RejectWithdrawal':
        return this.#rejectBy(from, operation);
      case 'SetAccount':
        this.#lowestLimit(from, operation.dailyLimit);
        Object.assign(this.account(from), { autoAccept: operation.autoAccept, dailyLimit: operation.dailyLimit });
        return true;
      case 'Join':
        return this.#join(from);
      case 'Leave':
        return this.#leave(from);
      case 'SetMember':
        return this.#setMember(from, operation);
      case 'DefineAsset':
        return this.#define(from, operation);
    }
  }

  // Transfers

  #transfer(id: string, payer: string, { to, asset, amount }: { to: string; asset: string; amount: bigint }): boolean {
    if (!this.#maySpend(payer, asset, 2) || !isOther(payer, to) || amount === 0n || amount > this.available(payer, asset)) return false;
    if (!this.#asset(asset).immediate || !this.account(to).autoAccept) {
      if (!this.#hasRoom(payer)) return false;
      this.#openHeld(id, { state: 2, owner: payer, counterparty: to, asset, amount, expiresAt: 0 });
      return true;
    }
    if (this.#freezeOf(to, asset) >= 2) return false;
    this.#take(payer, asset, amount);
    this.#pay(to, asset, amount);
    return true;
  }

  #delegated(id: string, from: string, operation: Operation & { type: 'DelegatedTransfer' }): boolean {
    const { owner, asset, amount } = operation;
    const delegation = this.delegations.get(`${owner} ${from} ${asset}`);
    if (delegation === undefined || (delegation.expiresAt !== 0 && this.nowSec >= delegation.expiresAt)) return false;
    const spent = delegation.day === this.#today() ? delegation.spent : 0n;
    if (spent + amount > delegation.dailyLimit || !this.#transfer(id, owner, operation)) return false;
    delegation.day = this.#today();
    delegation.spent = spent + amount;
    return true;
  }

  #setDelegate(from: string, { delegate, asset, dailyLimit, expiresAt }: Operation & { type: 'SetDelegate' }): boolean {
    if (!this.assets.has(asset) || !isOther(from, delegate) || (expiresAt !== 0 && expiresAt <= this.nowSec)) return false;
    const key = `${from} ${delegate} ${asset}`;
    const known = this.delegations.get(key);
    if (dailyLimit === 0n) this.delegations.delete(key);
    else this.delegations.set(key, { dailyLimit, expiresAt, day: known?.day ?? 0, spent: known?.spent ?? 0n });
    return true;
  }

  #openTransfer(id: string, from: string, { to, asset, amount, expiresAt }: Operation & { type: 'RequestTransfer' }): boolean {
    const possible = this.#maySpend(from, asset, 2) && isOther(from, to) && this.#isExpiry(expiresAt) && this.#hasRoom(from);
    if (!possible || amount === 0n || amount > this.available(from, asset)) return false;
    this.#openHeld(id, { state: 2, owner: from, counterparty: to, asset, amount, expiresAt });
    return true;
  }

  #amendTransfer(id: string, from: string, operation: Operation & { type: 'RequestTransfer' }): boolean {
    const { to, asset, amount, expiresAt } = operation;
    const request = this.#amendable(id, 2, from, asset, expiresAt);
    if (request === undefined || !this.#maySpend(from, asset, 2) || !isOther(from, to)) return false;
    if (amount === 0n || amount > this.available(from, asset) + request.held) return false;
    this.#await(request.counterparty, asset, -request.requested);
    this.#await(to, asset, amount);
    this.#holdInstead(request, amount);
    this.#amend(id, request, { counterparty: to, requested: amount, expiresAt });
    return true;
  }

  #confirmTransfer(from: string, { lot, revision, amount }: Operation & { type: 'ConfirmTransfer' }): boolean {
    const request = this.#open(lot, 2);
    if (request === undefined || from === request.owner || from !== request.counterparty) return false;
    if (revision !== request.revision || this.#isExpired(request) || this.#freezeOf(from, request.asset) >= 2) return false;
    if (amount === 0n || amount > request.held) return false;
    this.#release(request);
    this.#take(request.owner, request.asset, amount);
    this.#pay(from, request.asset, amount);
    this.#finish(lot, request, 5, from);
    return true;
  }

  // Deposits

  #authorize(from: string, { gateway, asset, allowed }: Operation & { type: 'AuthorizeDeposits' }): boolean {
    if (!this.assets.has(asset) || (allowed && !this.#isGateway(gateway, asset))) return false;
    const key = `${from} ${gateway} ${asset}`;
    if (allowed) this.leaves.add(key);
    else this.leaves.delete(key);
    return true;
  }

  #deposit(
    id: string,
    requester: string,
    owner: string,
    { lot, asset, amount, expiresAt }: Operation & { type: 'RequestDeposit' | 'RequestDepositFor' },
  ): boolean {
    if (amount === 0n || (this.assets.get(asset)?.gateways.length ?? 0) === 0) return false;
    const awaited = this.awaited.get(keyOf(owner, asset)) ?? 0n;
    if (lot === undefined) {
      if (!this.#isExpiry(expiresAt) || !this.#hasRoom(owner) || awaited + amount > SUM_MAX) return false;
      this.#await(owner, asset, amount);
      this.#start(id, { state: 1, owner, requester, counterparty: ZERO, asset, held: 0n, requested: amount, expiresAt });
      return true;
    }
    const request = this.#amendable(lot, 1, requester, asset, expiresAt);
    if (request === undefined || request.owner !== owner || request.claimedAt !== undefined) return false;
    if (awaited - request.requested + amount > SUM_MAX) return false;
    this.#await(owner, asset, amount - request.requested);
    this.#amend(lot, request, { requested: amount, expiresAt });
    return true;
  }

  #confirmDeposit(from: string, { lot, revision, amount, externalRef }: Operation & { type: 'ConfirmDeposit' }): boolean {
    const request = this.#open(lot, 1);
    if (request === undefined || !this.#isGateway(from, request.asset)) return false;
    if (revision !== request.revision || this.#isExpired(request)) return false;
    if (amount === 0n || amount > request.requested) return false;
    const { asset, owner } = request;
    if (asset === NATIVE ? amount > this.available(BRIDGE, NATIVE) : this.#asset(asset).supply + amount > SUM_MAX) return false;
    const verdict = this.#state(request, { gateway: from, amount, externalRef });
    if (verdict !== 'enough') return verdict === 'noted';
    if (asset === NATIVE) this.#take(BRIDGE, NATIVE, amount);
    else this.#asset(asset).supply += amount;
    this.#pay(owner, asset, amount);
    this.#await(owner, asset, -request.requested);
    this.#finish(lot, request, 5, owner);
    return true;
  }

  #claim(from: string, { lot, revision }: Operation & { type: 'ClaimRequest' }): boolean {
    const request = this.#open(lot, 1) ?? this.#open(lot, 4);
    if (request === undefined || !this.#isGateway(from, request.asset)) return false;
    if (revision !== request.revision || this.#isExpired(request) || request.claimedAt !== undefined) return false;
    request.claimedAt = this.nowSec;
    request.claimedBy = from;
    this.#cancelExpiry(lot);
    return true;
  }

  // Credit

  #credit(id: string, from: string, operation: Operation & { type: 'RequestCredit' }): boolean {
    const { lot, lender, borrower, asset, amount, terms, dueAt, expiresAt } = operation;
    if (from !== lender && from !== borrower) return false;
    const offer = from === lender;
    const other = offer ? borrower : lender;
    if (!this.#maySpend(from, asset, 2) || !isOther(from, other) || amount === 0n || dueAt <= this.nowSec) return false;
    const request = lot === undefined ? undefined : this.#amendable(lot, 3, from, asset, expiresAt);
    if (lot !== undefined && (request === undefined || request.held > 0n !== offer)) return false;
    if (lot === undefined && (!this.#isExpiry(expiresAt) || !this.#hasRoom(from))) return false;
    if (lot === undefined && !offer && this.mainStates.get(keyOf(from, asset)) !== 5) return false;
    if (offer && amount > this.available(from, asset) + (request?.held ?? 0n)) return false;
    const awaited = this.awaited.get(keyOf(from, asset)) ?? 0n;
    if (!offer && awaited - (request?.requested ?? 0n) + amount > SUM_MAX) return false;
    if (lot === undefined || request === undefined) {
      if (offer) this.#openHeld(id, { state: 3, owner: from, counterparty: other, asset, amount, expiresAt });
      else {
        this.#await(from, asset, amount);
        this.#start(id, { state: 3, owner: from, requester: from, counterparty: other, asset, held: 0n, requested: amount, expiresAt });
      }
      Object.assign(this.requests.get(id) as ShadowRequest, { terms, dueAt });
      return true;
    }
    this.#await(offer ? request.counterparty : from, asset, -request.requested);
    this.#await(offer ? other : from, asset, amount);
    if (offer) this.#holdInstead(request, amount);
    this.#amend(lot, request, { counterparty: other, requested: amount, expiresAt });
    Object.assign(request, { terms, dueAt });
    return true;
  }

  #confirmCredit(from: string, { lot, revision, terms }: Operation & { type: 'ConfirmCredit' }): boolean {
    const request = this.#open(lot, 3);
    if (request === undefined || from !== request.counterparty || terms !== request.terms) return false;
    if (revision !== request.revision || this.#isExpired(request) || this.nowSec >= request.dueAt) return false;
    const { asset, requested: principal, owner } = request;
    const offer = request.held > 0n;
    const lender = offer ? owner : from;
    const borrower = offer ? from : owner;
    if (!offer && (!this.#maySpend(lender, asset, 2) || principal > this.available(lender, asset))) return false;
    if (this.#freezeOf(borrower, asset) >= 2) return false;
    this.#release(request);
    this.#take(lender, asset, principal);
    this.#pay(borrower, asset, principal);
    this.debts.set(lot, { lender, borrower, asset, principal, outstanding: principal });
    this.account(lender).openDebts += 1;
    this.account(borrower).openDebts += 1;
    this.#finish(lot, request, 5, borrower);
    return true;
  }

  #repay(from: string, { debt: id, amount }: Operation & { type: 'RepayCredit' }): boolean {
    const debt = this.debts.get(id);
    if (debt === undefined || from !== debt.borrower || amount === 0n || amount > debt.outstanding) return false;
    const { lender, asset } = debt;
    if (!this.#maySpend(from, asset, 1, false) || this.#freezeOf(lender, asset) >= 2 || amount > this.available(from, asset)) return false;
    this.#take(from, asset, amount);
    this.#pay(lender, asset, amount);
    debt.outstanding -= amount;
    if (debt.outstanding > 0n) return true;
    this.account(from).openDebts -= 1;
    this.account(lender).openDebts -= 1;
    return true;
  }

  // Withdrawals

  #withdraw(
    id: string,
    from: string,
    operation: { asset: string; amount: bigint; destination: string; expiresAt: number },
    closes: boolean,
  ): boolean {
    const { asset, amount, destination, expiresAt } = operation;
    if (!this.#maySpend(from, asset, 2) || !this.#isExpiry(expiresAt) || !this.#hasRoom(from)) return false;
    if (amount === 0n || amount > this.available(from, asset) || destination === '') return false;
    if (this.#asset(asset).gateways.length === 0 || !this.#isWithinLimit(from, asset, amount)) return false;
    this.#countWithdrawal(from, asset, amount);
    this.#openHeld(id, { state: 4, owner: from, counterparty: ZERO, asset, amount, expiresAt });
    (this.requests.get(id) as ShadowRequest).closes = closes;
    return true;
  }

  #amendWithdrawal(id: string, from: string, operation: Operation & { type: 'RequestWithdrawal' }): boolean {
    const { asset, amount, destination, expiresAt } = operation;
    const request = this.#amendable(id, 4, from, asset, expiresAt);
    if (request === undefined || request.claimedAt !== undefined || !this.#maySpend(from, asset, 2)) return false;
    if (amount === 0n || amount > this.available(from, asset) + request.held || destination === '') return false;
    const raised = amount > request.held ? amount - request.held : 0n;
    if (raised > 0n && !this.#isWithinLimit(from, asset, raised)) return false;
    if (raised > 0n) this.#countWithdrawal(from, asset, raised);
    this.#holdInstead(request, amount);
    this.#amend(id, request, { requested: amount, expiresAt });
    request.closes = false;
    return true;
  }

  #close(id: string, from: string, { asset, destination }: Operation & { type: 'CloseHolding' }): boolean {
    const key = keyOf(from, asset);
    const amount = this.balances.get(key) ?? 0n;
    if ((this.awaited.get(key) ?? 0n) > 0n || (this.held.get(key) ?? 0n) > 0n) return false;
    return this.#withdraw(id, from, { asset, amount, destination, expiresAt: 0 }, true);
  }

  #confirmWithdrawal(from: string, { lot, revision, externalRef }: Operation & { type: 'ConfirmWithdrawal' }): boolean {
    const request = this.#open(lot, 4);
    if (request === undefined) return false;
    const { owner, asset, held } = request;
    const arbiter = this.account(from).arbiter && this.#isStale(request);
    if (!this.#isGateway(from, asset) && !arbiter) return false;
    if (revision !== request.revision || this.#isExpired(request) || this.#freezeOf(owner, asset) >= 3) return false;
    const verdict = this.#state(request, { gateway: from, amount: held, externalRef }, arbiter);
    if (verdict !== 'enough') return verdict === 'noted';
    this.#hold(owner, asset, -held);
    if (asset === NATIVE) this.#pay(BRIDGE, NATIVE, held);
    else this.#asset(asset).supply -= held;
    this.#finish(lot, request, 6, owner);
    const left = [this.balances, this.awaited, this.held].some((sums) => (sums.get(keyOf(owner, asset)) ?? 0n) > 0n);
    if (request.closes && !left) this.mainStates.set(keyOf(owner, asset), 6);
    return true;
  }

  // Rejections

  #rejectBy(from: string, { type, lot, revision, reason }: Operation & { type: RejectType }): boolean {
    const state = { RejectDeposit: 1, RejectTransfer: 2, RejectCredit: 3, RejectWithdrawal: 4 }[type];
    const request = this.#open(lot, state);
    if (request === undefined || revision !== request.revision) return false;
    if (!this.#mayReject(from, request, reason)) return false;
    this.#reject(lot);
    return true;
  }

  #mayReject(from: string, request: ShadowRequest, reason: string): boolean {
    const { owner, requester, counterparty, asset, state, claimedAt, claimedBy } = request;
    const { arbiter } = this.account(from);
    if (state === 2) return from === owner || from === counterparty || arbiter;
    if (state === 3) return from === owner || from === counterparty;
    if (arbiter && this.#isStale(request)) return reason !== '';
    if (claimedAt !== undefined && from !== claimedBy) return false;
    return this.#isGateway(from, asset) ? reason !== '' : from === owner || from === requester;
  }

  /** A rejection by whomever: what is held returns, what is awaited is not awaited any more. */
  #reject(id: string): void {
    const request = this.requests.get(id) as ShadowRequest;
    this.#release(request);
    this.#finish(id, request, request.state === 1 ? 0 : 5, request.owner);
  }

  // Members and assets

  #join(from: string): boolean {
    const account = this.account(from);
    const { stake } = this.setting;
    const frozen = account.freeze > 0 || this.#freezeOf(from, NATIVE) > 0;
    if (account.joined || frozen || stake > this.available(from, NATIVE)) return false;
    this.#take(from, NATIVE, stake);
    this.#pay(STAKES, NATIVE, stake);
    Object.assign(account, { joined: true, stake, level: Math.max(account.level, 1) });
    return true;
  }

  #leave(from: string): boolean {
    const account = this.account(from);
    if (this.#freezeOf(from, NATIVE) >= 2) return false;
    if (!account.joined || account.openRequests > 0 || account.openDebts > 0 || account.registrar || account.arbiter) return false;
    this.#take(STAKES, NATIVE, account.stake);
    this.#pay(from, NATIVE, account.stake);
    Object.assign(account, { joined: false, stake: 0n, level: account.level === 1 ? 0 : account.level });
    return true;
  }

  #setMember(from: string, { member, level, levelExpiresAt }: Operation & { type: 'SetMember' }): boolean {
    if (!this.account(from).registrar || isKeyless(member) || level > 3) return false;
    if (levelExpiresAt !== 0 && levelExpiresAt <= this.nowSec) return false;
    Object.assign(this.account(member), { level, levelExpiresAt });
    return true;
  }

  #define(from: string, { asset, gateways, threshold, transferMode }: Operation & { type: 'DefineAsset' }): boolean {
    const level3 = gateways.every((gateway) => this.#level(gateway) === 3);
    const once = new Set(gateways).size === gateways.length;
    const possible = gateways.includes(from) && level3 && once && threshold >= 1 && threshold <= gateways.length;
    if (!possible || this.assets.has(asset)) return false;
    this.assets.set(asset, { gateways, threshold, immediate: transferMode === 'IMMEDIATE', minLevel: 0, freeze: 0, supply: 0n });
    return true;
  }

  // Who may

  #level(name: string): number {
    const { level, levelExpiresAt } = this.account(name);
    return level > 1 && levelExpiresAt !== 0 && this.nowSec >= levelExpiresAt ? 1 : level;
  }

  #maySpend(owner: string, asset: string, level: number, plain = true): boolean {
    const known = this.assets.get(asset);
    if (known === undefined || this.#freezeOf(owner, asset) > 0) return false;
    return this.#level(owner) >= level && (!plain || this.#level(owner) >= known.minLevel);
  }

  #freezeOf(owner: string, asset: string): number {
    return Math.max(this.account(owner).freeze, this.#asset(asset).freeze, this.holdingFreezes.get(keyOf(owner, asset)) ?? 0);
  }

  #isGateway(name: string, asset: string): boolean {
    return this.assets.get(asset)?.gateways.includes(name) ?? false;
  }

  #hasRoom(owner: string): boolean {
    return this.account(owner).openRequests < this.setting.openRequestsMax;
  }

  #isExpiry(expiresAt: number): boolean {
    return expiresAt === 0 || (expiresAt > this.nowSec && expiresAt <= this.nowSec + this.setting.expirySecMax);
  }

  #isExpired({ expiresAt, claimedAt }: ShadowRequest): boolean {
    return expiresAt !== 0 && this.nowSec >= expiresAt && claimedAt === undefined;
  }

  #isStale({ claimedAt }: ShadowRequest): boolean {
    return claimedAt !== undefined && this.nowSec - claimedAt >= this.setting.staleAfterSec;
  }

  #isWithinLimit(owner: string, asset: string, further: bigint): boolean {
    const limit = this.#limitToday(owner);
    return limit === 0n || this.#withdrawnToday(owner, asset) + further <= limit;
  }

  #limitToday(owner: string): bigint {
    const lowest = this.#lowestLimits.get(owner);
    return lowest?.day === this.#today() ? lowest.limit : this.account(owner).dailyLimit;
  }

  /** Of all limits that an owner has on one day the lowest holds; a limit of nothing is none. */
  #lowestLimit(owner: string, next: bigint): void {
    const limits = [this.#limitToday(owner), next].filter((limit) => limit > 0n);
    const limit = limits.find((each) => limits.every((other) => each <= other)) ?? 0n;
    this.#lowestLimits.set(owner, { day: this.#today(), limit });
  }

  #withdrawnToday(owner: string, asset: string): bigint {
    const last = this.#withdrawn.get(keyOf(owner, asset));
    return last?.day === this.#today() ? last.sum : 0n;
  }

  #countWithdrawal(owner: string, asset: string, further: bigint): void {
    this.#withdrawn.set(keyOf(owner, asset), { day: this.#today(), sum: this.#withdrawnToday(owner, asset) + further });
  }

  #today(): number {
    return Math.floor(this.nowSec / DAY_SEC);
  }

  // Requests

  #open(id: string, state: number): ShadowRequest | undefined {
    const request = this.requests.get(id);
    return request?.state === state ? request : undefined;
  }

  #amendable(id: string, state: number, from: string, asset: string, expiresAt: number): ShadowRequest | undefined {
    const request = this.#open(id, state);
    const possible = request?.requester === from && request.asset === asset && !this.#isExpired(request) && this.#isExpiry(expiresAt);
    return possible ? request : undefined;
  }

  /** A gateway's word: refused, noted until enough others say the same, or enough. */
  #state(request: ShadowRequest, statement: Statement, alone = false): 'refused' | 'noted' | 'enough' {
    const { gateway, amount, externalRef } = statement;
    const reference = `${request.asset} ${externalRef}`;
    const same = (each: Statement): boolean => each.amount === amount && each.externalRef === externalRef;
    const own = request.statements.find((each) => each.gateway === gateway);
    if (externalRef === '' || this.#references.has(reference) || (own !== undefined && same(own))) return 'refused';
    const others = request.statements.filter((each) => each.gateway !== gateway);
    if (!alone && others.filter(same).length + 1 < this.#asset(request.asset).threshold) {
      request.statements = [...others, statement];
      return 'noted';
    }
    this.#references.add(reference);
    return 'enough';
  }

  #openHeld(
    id: string,
    opening: { state: number; owner: string; counterparty: string; asset: string; amount: bigint; expiresAt: number },
  ): void {
    const { owner, counterparty, asset, amount, ...rest } = opening;
    this.#take(owner, asset, amount);
    this.#hold(owner, asset, amount);
    if (counterparty !== ZERO) this.#await(counterparty, asset, amount);
    this.#start(id, { ...rest, owner, requester: owner, counterparty, asset, held: amount, requested: amount });
  }

  #start(
    id: string,
    opening: Pick<ShadowRequest, 'state' | 'owner' | 'requester' | 'counterparty' | 'asset' | 'held' | 'requested' | 'expiresAt'>,
  ): void {
    this.requests.set(id, {
      revision: 0,
      claimedAt: undefined,
      claimedBy: '',
      closes: false,
      terms: 0,
      dueAt: 0,
      statements: [],
      ...opening,
    });
    this.account(opening.owner).openRequests += 1;
    if (opening.expiresAt !== 0) this.#work.push({ dueSec: opening.expiresAt, kind: 'expiry', id });
  }

  #amend(id: string, request: ShadowRequest, change: Partial<ShadowRequest>): void {
    Object.assign(request, change, { revision: request.revision + 1, statements: [] });
    this.#cancelExpiry(id);
    if (request.expiresAt !== 0) this.#work.push({ dueSec: request.expiresAt, kind: 'expiry', id });
  }

  #finish(id: string, request: ShadowRequest, state: number, owner: string): void {
    this.account(request.owner).openRequests -= 1;
    this.#cancelExpiry(id);
    Object.assign(request, { state, owner, held: state === 6 ? request.held : 0n, statements: [] });
    this.#work.push({ dueSec: this.nowSec + this.setting.forgetAfterSec, kind: 'forget', id });
  }

  #cancelExpiry(id: string): void {
    this.#work = this.#work.filter((each) => each.id !== id || each.kind !== 'expiry');
  }

  /** Gives back what a request holds, and takes what it asks for off who awaits it. */
  #release({ state, owner, counterparty, asset, held, requested }: ShadowRequest): void {
    if (held > 0n) {
      this.#hold(owner, asset, -held);
      this.#pay(owner, asset, held);
    }
    if (state === 1 || (state === 3 && held === 0n)) this.#await(owner, asset, -requested);
    else if (state === 2 || state === 3) this.#await(counterparty, asset, -requested);
  }

  #holdInstead(request: ShadowRequest, amount: bigint): void {
    const { owner, asset, held } = request;
    this.#pay(owner, asset, held);
    this.#take(owner, asset, amount);
    this.#hold(owner, asset, amount - held);
    request.held = amount;
  }

  // Sums

  #asset(id: string): ShadowAsset {
    return this.assets.get(id) ?? { gateways: [], threshold: 0, immediate: true, minLevel: 0, freeze: 0, supply: 0n };
  }

  #pay(owner: string, asset: string, amount: bigint): void {
    if (amount === 0n) return;
    add(this.balances, keyOf(owner, asset), amount);
    this.mainStates.set(keyOf(owner, asset), 5);
  }

  #take(owner: string, asset: string, amount: bigint): void {
    add(this.balances, keyOf(owner, asset), -amount);
  }

  #hold(owner: string, asset: string, amount: bigint): void {
    add(this.held, keyOf(owner, asset), amount);
  }

  #await(owner: string, asset: string, amount: bigint): void {
    add(this.awaited, keyOf(owner, asset), amount);
  }
}

function add(sums: Map<string, bigint>, key: string, amount: bigint): void {
  const sum = (sums.get(key) ?? 0n) + amount;
  if (sum < 0n) throw new Error(`the shadow ledger is wrong itself: ${key} would be ${sum}`);
  sums.set(key, sum);
}

function isKeyless(name: string): boolean {
  return name === ZERO || name === BRIDGE || name === STAKES;
}

function isOther(own: string, other: string): boolean {
  return own !== other && !isKeyless(other);
}

function byDueTime(left: Work, right: Work): number {
  if (left.dueSec !== right.dueSec) return left.dueSec - right.dueSec;
  if (left.kind !== right.kind) return left.kind === 'expiry' ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}

/** Splits a whole by weights: each part rounded down, then what is left over one by one to whom rounding cost most, the first among equals. */
function split(whole: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  const parts = weights.map((weight) => (whole * weight) / sum);
  let rest = whole - parts.reduce((total, part) => total + part, 0n);
  const costs = weights.map((weight, index) => ({ index, cost: (whole * weight) % sum }));
  while (rest > 0n) {
    const most = costs.reduce((best, each) => (each.cost > best.cost ? each : best));
    parts[most.index] = (parts[most.index] as bigint) + 1n;
    most.cost = -1n;
    rest -= 1n;
  }
  return parts;
}
