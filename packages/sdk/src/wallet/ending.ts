import type { SdkError } from '../errors.ts';
import { assertNotAborted } from '../rpc/exchange.ts';

/** A value that comes once, or never; whoever waits for it may stop waiting, and nobody needs to wait. */
export class Ending<Value> {
  #value: { readonly value: Value } | undefined;
  #failure: SdkError | undefined;
  readonly #waiting = new Set<() => void>();

  /** The value, once it is there. */
  get value(): Value | undefined {
    return this.#value?.value;
  }

  /** Gives the value; the first one counts. */
  resolve(value: Value): void {
    if (this.#value !== undefined || this.#failure !== undefined) return;
    this.#value = { value };
    this.#wake();
  }

  /** Says that the value will not come. */
  reject(error: SdkError): void {
    if (this.#value !== undefined || this.#failure !== undefined) return;
    this.#failure = error;
    this.#wake();
  }

  /** Waits for the value. Errors: that of `reject`; `SDK_ABORTED`. */
  async wait(signal?: AbortSignal): Promise<Value> {
    while (this.#value === undefined) {
      if (this.#failure !== undefined) throw this.#failure;
      assertNotAborted(signal);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
      });
    }
    return this.#value.value;
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
