/**
 * An operation of a member as both ledgers of the property test read it: accounts by name, lots and debts by the hex of their ids, and a
 * lot left out where one is opened.
 */
export type Operation =
  | { readonly type: 'Transfer'; readonly to: string; readonly asset: string; readonly amount: bigint }
  | { readonly type: 'DelegatedTransfer'; readonly owner: string; readonly to: string; readonly asset: string; readonly amount: bigint }
  | {
      readonly type: 'SetDelegate';
      readonly delegate: string;
      readonly asset: string;
      readonly dailyLimit: bigint;
      readonly expiresAt: number;
    }
  | ({ readonly type: 'RequestTransfer'; readonly to: string } & Request)
  | { readonly type: 'ConfirmTransfer'; readonly lot: string; readonly revision: number; readonly amount: bigint }
  | ({ readonly type: 'RequestDeposit' } & Request)
  | ({ readonly type: 'RequestDepositFor'; readonly owner: string } & Request)
  | { readonly type: 'AuthorizeDeposits'; readonly gateway: string; readonly asset: string; readonly allowed: boolean }
  | {
      readonly type: 'ConfirmDeposit';
      readonly lot: string;
      readonly revision: number;
      readonly amount: bigint;
      readonly externalRef: string;
    }
  | { readonly type: 'ClaimRequest'; readonly lot: string; readonly revision: number }
  | ({
      readonly type: 'RequestCredit';
      readonly lender: string;
      readonly borrower: string;
      readonly terms: number;
      readonly dueAt: number;
    } & Request)
  | { readonly type: 'ConfirmCredit'; readonly lot: string; readonly revision: number; readonly terms: number }
  | { readonly type: 'RepayCredit'; readonly debt: string; readonly amount: bigint }
  | ({ readonly type: 'RequestWithdrawal'; readonly destination: string } & Request)
  | { readonly type: 'ConfirmWithdrawal'; readonly lot: string; readonly revision: number; readonly externalRef: string }
  | { readonly type: 'CloseHolding'; readonly asset: string; readonly destination: string }
  | { readonly type: RejectType; readonly lot: string; readonly revision: number; readonly reason: string }
  | { readonly type: 'SetAccount'; readonly autoAccept: boolean; readonly dailyLimit: bigint }
  | { readonly type: 'Join' }
  | { readonly type: 'Leave' }
  | { readonly type: 'SetMember'; readonly member: string; readonly level: number; readonly levelExpiresAt: number }
  | {
      readonly type: 'DefineAsset';
      readonly asset: string;
      readonly gateways: readonly string[];
      readonly threshold: number;
      readonly transferMode: string;
    };

/** What all requests name; without a lot they open one, with a lot they amend it. */
type Request = { readonly lot?: string; readonly asset: string; readonly amount: bigint; readonly expiresAt: number };

/** The four rejections have the same fields. */
export type RejectType = 'RejectTransfer' | 'RejectDeposit' | 'RejectCredit' | 'RejectWithdrawal';

/** An operation with its sender, the nonce it quotes, who pays its fee, and the id of its transaction (hex). */
export type Call = {
  readonly id: string;
  readonly from: string;
  readonly nonce: number;
  readonly payer: string;
  readonly operation: Operation;
};

/** Freezes are decided by governance, which this test leaves out: they come from outside between two blocks. */
export type Freeze = { readonly account?: string; readonly asset?: string; readonly level: number };
