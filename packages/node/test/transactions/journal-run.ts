import type { JournalIncident } from '@mutual-chain/node';
import { encodeTransaction, type TransactionId } from '@mutual-chain/protocol';
import type { FileSystem } from '../../src/file-system/file-system.ts';
import { endedKey, type JournalRecord, journalKeyOf } from '../../src/transactions/journal-record.ts';
import { TransactionJournal } from '../../src/transactions/transaction-journal.ts';
import { cryptography, genesisHash, transfer } from './test-chain.ts';

/** Directory of the journals of these tests. */
export const DIRECTORY = '/disk/journal';
/** So little that files come and go all the time. */
export const SMALL = { segmentBytes: 400, journalBytesMax: 1_400 };

/** A journal that has been started, what it had, and what it reported. */
export function openJournal(
  fileSystem: FileSystem,
  limits = SMALL,
  hash = genesisHash,
): { readonly journal: TransactionJournal; readonly found: ReadonlyMap<string, JournalRecord>; readonly incidents: JournalIncident[] } {
  const incidents: JournalIncident[] = [];
  const journal = new TransactionJournal({
    ...{ fileSystem, directory: DIRECTORY, genesisHash: hash, cryptography, limits },
    random: (length) => new Uint8Array(length).fill(9),
    onIncident: (incident) => incidents.push(incident),
  });
  return { journal, found: journal.start(), incidents };
}

const records = new Map<number, JournalRecord>();
const keys = new Map<number, string>();

/** The record with a number: now and then a transaction, else how one ended. */
export function recordOf(number: number): JournalRecord {
  const record = records.get(number) ?? createRecord(number);
  records.set(number, record);
  return record;
}

function createRecord(number: number): JournalRecord {
  if (number % 7 === 3) return { type: 'transaction', raw: encodeTransaction(transfer('a', number)) };
  const id = new Uint8Array(32).fill(number & 255) as TransactionId;
  id[0] = number >> 8;
  return { type: 'ended', id, status: number % 2 === 0 ? 'expired' : 'rejected', timeSec: 1_700_000_000 + number };
}

/** Its key. */
export function keyOf(number: number): string {
  const record = recordOf(number);
  const key = keys.get(number) ?? (record.type === 'ended' ? endedKey(record.id) : journalKeyOf(cryptography, record));
  keys.set(number, key);
  return key;
}
