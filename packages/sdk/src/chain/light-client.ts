import {
  type BlockHash,
  type BlockHeader,
  beginSkip,
  blockHash,
  continueSkip,
  referenceCryptography as cryptography,
  encodeHex,
  type Genesis,
  type GenesisHash,
  genesisHashOf,
  genesisValidatorSet,
  type LightBlock,
  type LightClientOptions as LightOptions,
  type Skip,
  type TrustedBlock,
  trustBlock,
} from '@mutual-chain/protocol';
import { SdkError } from '../errors.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { certificateFromJson, headerFromJson, validatorsFromJson } from './block-from-json.ts';

/** How a light client judges time. */
export type LightClientOptions = {
  /** How old what is trusted may be, ms: shorter than the time for which evidence of misbehaviour counts. */
  readonly trustPeriodMs?: number;
  /** How far the time of a block may be ahead of this clock, ms. */
  readonly clockDriftMs?: number;
  /** This clock, ms since 1970. */
  readonly nowMs?: () => number;
};

/** What a light client has unless it is given others: five days, and ten seconds. */
export const LIGHT_CLIENT_DEFAULTS = { trustPeriodMs: 432_000_000, clockDriftMs: 10_000 } as const;

/** A block whose hash was learnt where nobody could forge it. */
export type Checkpoint = { readonly genesisHash: GenesisHash; readonly height: number; readonly blockHash: BlockHash };

/**
 * Follows headers by their certificates, and believes no node: a header that it answers with was decided by a quorum of validators that follow
 * from those it began with.
 */
export class LightClient {
  readonly #rpc: RpcClient;
  readonly #options: LightOptions;
  readonly #nowMs: () => number;
  #trusted: TrustedBlock;

  private constructor(rpc: RpcClient, genesisHash: GenesisHash, trusted: TrustedBlock, options: LightClientOptions) {
    const { trustPeriodMs, clockDriftMs } = { ...LIGHT_CLIENT_DEFAULTS, ...options };
    this.#rpc = rpc;
    this.#options = { cryptography, genesisHash, trustPeriodMs, clockDriftMs };
    this.#nowMs = options.nowMs ?? Date.now;
    this.#trusted = trusted;
  }

  /**
   * Begins with the validators of a genesis document. Its header comes from a node: that it is the right one shows when a block after it is
   * verified, because those validators sign for the genesis hash. Errors: `SDK_BLOCK_REFUSED` when it is not of that genesis.
   */
  static async fromGenesis(rpc: RpcClient, genesis: Genesis, options: LightClientOptions = {}): Promise<LightClient> {
    const { header: json } = await rpc.call('mutual_getBlock', { heightOrHash: 0 });
    const header = headerFromJson(json);
    const { chainId, timestampMs, protocolVersion } = genesis;
    const isOfGenesis =
      header.height === 0 && header.chainId === chainId && header.timestampMs === timestampMs && header.protocolVersion === protocolVersion;
    const trusted = isOfGenesis
      ? trustBlock(cryptography, blockHash(cryptography, header), header, genesisValidatorSet(genesis))
      : undefined;
    if (trusted === undefined) throw refused(0, 'GENESIS_DIFFERS');
    return new LightClient(rpc, genesisHashOf(cryptography, genesis), trusted, options);
  }

  /** Begins with a checkpoint. Errors: `SDK_BLOCK_REFUSED` when the node's block or validators are not those of its hash. */
  static async fromCheckpoint(rpc: RpcClient, checkpoint: Checkpoint, options: LightClientOptions = {}): Promise<LightClient> {
    const { height, genesisHash } = checkpoint;
    const { header: json } = await rpc.call('mutual_getBlock', { heightOrHash: checkpoint.blockHash });
    const header = headerFromJson(json);
    const next = validatorsFromJson(await rpc.call('mutual_getValidators', { height: height + 1 }));
    const trusted = header.height === height ? trustBlock(cryptography, checkpoint.blockHash, header, next) : undefined;
    if (trusted === undefined) throw refused(height, 'CHECKPOINT_DIFFERS');
    return new LightClient(rpc, genesisHash, trusted, options);
  }

  /** The highest header that is trusted. */
  get header(): BlockHeader {
    return this.#trusted.header;
  }

  /** Its hash. */
  get blockHash(): BlockHash {
    return this.#trusted.blockHash;
  }

  /**
   * Goes on to a height, or to the last block of the node, and answers with the header that is trusted then. A height that is trusted already is
   * no step. Errors: `SDK_BLOCK_REFUSED` with the reason of the light client in `details.reason`; those of `RpcClient`.
   */
  async advance(to: number | 'latest' = 'latest'): Promise<BlockHeader> {
    const target = to === 'latest' ? (await this.#rpc.call('mutual_status')).height : to;
    if (target <= this.#trusted.header.height) return this.#trusted.header;
    let skip: Skip = beginSkip(this.#trusted, target);
    for (;;) {
      const step = continueSkip(this.#options, skip, await this.#fetch(skip.wantedHeight), this.#nowMs());
      if (step.status === 'refused') throw refused(step.height, step.refusal.code);
      if (step.status === 'arrived') {
        this.#trusted = step.trusted;
        return step.trusted.header;
      }
      skip = step.skip;
      this.#trusted = skip.trusted;
    }
  }

  async #fetch(height: number): Promise<LightBlock> {
    const calls = [
      { method: 'mutual_getBlock', parameters: { heightOrHash: height } },
      { method: 'mutual_getValidators', parameters: { height } },
      { method: 'mutual_getValidators', parameters: { height: height + 1 } },
    ] as const;
    const [block, validators, next] = await this.#rpc.batch(calls);
    if (!block.ok) throw block.error;
    if (!validators.ok) throw validators.error;
    const { header, certificate } = block.result;
    if (certificate === null) throw refused(height, 'CERTIFICATE_MISSING');
    return {
      header: headerFromJson(header),
      certificate: certificateFromJson(certificate),
      validators: validatorsFromJson(validators.result),
      // A node need not know who decides the block after its last; then it is the rotation that the light client computes itself.
      ...(next.ok ? { nextValidators: validatorsFromJson(next.result) } : {}),
    };
  }

  /** The genesis hash that signatures are made for, 0x hex. */
  get genesisHash(): string {
    return encodeHex(this.#options.genesisHash);
  }
}

function refused(height: number, reason: string): SdkError {
  return new SdkError('SDK_BLOCK_REFUSED', `the block of height ${height} does not follow from what is trusted: ${reason}`, {
    height,
    reason,
  });
}
