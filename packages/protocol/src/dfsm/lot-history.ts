import { equalBytes } from '../bytes/byte-order.ts';
import type { LedgerRecord } from '../record/ledger-record.ts';
import type { Input } from './inputs.ts';
import { transition } from './transition-table.ts';

/** What is wrong with a lot's history. */
export type HistoryFault =
  | 'EMPTY'
  | 'OTHER_LOT'
  | 'OTHER_ASSET'
  | 'OPENING_STATE_WRONG'
  | 'STATE_WRONG'
  | 'TRANSITION_ILLEGAL'
  | 'REVISION_WRONG'
  | 'ORDER_WRONG';

/** Whether a history holds, or the first rule it breaks and where. */
export type HistoryVerdict = { readonly ok: true } | { readonly ok: false; readonly fault: HistoryFault; readonly position: number };

const REQUESTS: readonly Input[] = ['E01', 'E04', 'E07', 'E10'];

/**
 * Runs δ over all records of one lot, in order, as an auditor does.
 *
 * Every record must be of the same lot and asset and stand in the state the one before led to. A history opens in S0 or S5 with revision 0,
 * or, when its lot was split off another (`parentLot`), in an awaiting state with the revision of the other. A request that repeats itself
 * adds 1 to the revision; every other input quotes it. Heights never fall, nor positions within a block.
 */
export function verifyLotHistory(records: readonly LedgerRecord[]): HistoryVerdict {
  const first = records[0];
  if (first === undefined) return { ok: false, fault: 'EMPTY', position: 0 };
  if (!opensRightly(first)) return { ok: false, fault: 'OPENING_STATE_WRONG', position: 0 };
  let state = first.state;
  let revision = first.transaction.revision;
  for (const [position, record] of records.entries()) {
    const fault = faultOf(record, records[position - 1], state, revision);
    if (fault !== undefined) return { ok: false, fault, position };
    const next = transition(state, record.input);
    if (next === undefined) return { ok: false, fault: 'TRANSITION_ILLEGAL', position };
    state = next;
    revision = record.transaction.revision;
  }
  return { ok: true };
}

function opensRightly(first: LedgerRecord): boolean {
  if (first.state === 'S0' || first.state === 'S5') return first.transaction.revision === 0;
  const isSplit = first.business.parentLot.some((byte) => byte !== 0);
  return isSplit && first.state !== 'S6';
}

function faultOf(
  record: LedgerRecord,
  previous: LedgerRecord | undefined,
  state: LedgerRecord['state'],
  revision: number,
): HistoryFault | undefined {
  if (previous === undefined) return undefined;
  const { lot, asset, height, index } = record.transaction;
  if (!equalBytes(lot, previous.transaction.lot)) return 'OTHER_LOT';
  if (asset !== previous.transaction.asset) return 'OTHER_ASSET';
  const earlier = height < previous.transaction.height || (height === previous.transaction.height && index < previous.transaction.index);
  if (earlier) return 'ORDER_WRONG';
  if (record.state !== state) return 'STATE_WRONG';
  const amends = REQUESTS.includes(record.input) && transition(state, record.input) === state;
  return record.transaction.revision === (amends ? revision + 1 : revision) ? undefined : 'REVISION_WRONG';
}
