import type { JournalIncident, NodeEvent } from '@mutual-chain/node';
import { encodeHex, formatAddress } from '@mutual-chain/protocol';
import pino, { type Logger } from 'pino';
import type { LogFormat, LogLevel } from '../config/node-config.ts';

/** Where a node writes what happens: one line for each message. */
export type NodeLog = {
  readonly event: (event: NodeEvent) => void;
  readonly journalIncident: (incident: JournalIncident) => void;
  readonly info: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  readonly error: (fields: Readonly<Record<string, unknown>>, message: string) => void;
};

/** What a line needs to be written. */
export type NodeLogOptions = {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes a line with its end. */
  readonly write: (line: string) => void;
};

/** Names of fields that are never written, wherever a message might carry them. */
const SECRET_FIELDS = ['privateKey', 'password', 'token', 'mnemonic'];

/** Makes the log of a node: a JSON object a line, or sentences for people. */
export function createNodeLog({ level, format, write }: NodeLogOptions): NodeLog {
  const stream = { write: format === 'json' ? write : (line: string) => write(sentenceOf(line)) };
  const redact = { paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]), censor: '(not shown)' };
  const logger = pino(
    { level, redact, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    stream,
  );
  return {
    event: (event) => writeEvent(logger, event),
    journalIncident: ({ type, path, offset, bytes }) =>
      logger[type === 'tailDropped' ? 'info' : 'error']({ path, offset, bytes }, `journal of transactions: ${type}`),
    info: (fields, message) => logger.info(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

function writeEvent(logger: Logger, event: NodeEvent): void {
  switch (event.type) {
    case 'committed': {
      const { height, round, transactions, bytes, proposer, blockHash, stateRoot, durationMs } = event;
      const fields = { height, round, transactions, bytes, proposer: formatAddress(proposer), blockHash: encodeHex(blockHash) };
      logger.info({ ...fields, stateRoot: encodeHex(stateRoot), durationMs: rounded(durationMs) }, 'block committed');
      return;
    }
    case 'executed':
      logger.debug({ height: event.height, durationMs: rounded(event.durationMs) }, event.built ? 'block built' : 'block executed');
      return;
    case 'stageEnded': {
      const { height, round, stage, durationMs } = event;
      logger.trace({ height, round, durationMs: rounded(durationMs) }, `consensus: end of ${stage}`);
      return;
    }
    case 'peerConnected': {
      const { peer, height, validator } = event;
      logger.info({ peer, height, ...(validator === undefined ? {} : { validator: formatAddress(validator) }) }, 'peer connected');
      return;
    }
    case 'peerDisconnected':
      logger.info({ peer: event.peer, reason: event.reason, byPeer: event.byPeer }, 'peer disconnected');
      return;
    case 'peerRefused':
      logger.warn({ peer: event.peer, reason: event.reason, byPeer: event.byPeer }, 'peer refused');
      return;
    case 'peerCut':
      logger.warn({ peer: event.peer, reason: event.reason }, 'peer cut: it broke the rules');
      return;
    case 'memberUnusable':
      logger.warn({ reason: event.reason }, 'a member cannot be linked');
      return;
    case 'signingForbidden':
      logger.error({ height: event.height, reason: event.reason }, 'this node signs nothing at this height');
      return;
    case 'equivocation':
      logger.error({ validator: formatAddress(event.validator), height: event.height }, 'a validator signed two different messages');
      return;
    case 'logIncident': {
      const { type, height, path, offset, bytes } = event.incident;
      logger[type === 'tailDropped' ? 'info' : 'warn']({ height, path, offset, bytes }, `write-ahead log: ${type}`);
      return;
    }
    case 'halted':
      logger.fatal({ reason: event.reason }, 'this node cannot go on');
  }
}

/** A line for people: time, level, message, then the fields. */
function sentenceOf(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${[time, String(level).toUpperCase().padEnd(5), msg, ...rest].join(' ')}\n`;
}

function rounded(durationMs: number): number {
  return Math.round(durationMs * 10) / 10;
}
