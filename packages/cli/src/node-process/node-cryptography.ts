import { type Cryptography, referenceCryptography } from '@mutual-chain/protocol';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import type { CryptographyChoice } from '../config/node-config.ts';
import { cliError } from '../errors.ts';

/** The cryptography that a configuration asks for, and in words which one that is. Errors: `CLI_CRYPTOGRAPHY_MISSING`. */
export async function nodeCryptography(
  choice: CryptographyChoice,
): Promise<{ readonly cryptography: Cryptography; readonly description: string }> {
  if (choice === 'reference') return { cryptography: referenceCryptography, description: 'reference implementation' };
  const { cryptography, description } = await chooseCryptography();
  const isNative = Object.values(cryptography.native).every(Boolean);
  if (choice === 'native' && !isNative) {
    const message = `The native cryptography does not load here: ${description}. Install the packages again on this machine, or set node.cryptography to auto.`;
    throw cliError('CLI_CRYPTOGRAPHY_MISSING', message, { choice });
  }
  return { cryptography, description };
}
