// A wallet without a network: makes keys, says in words what it is about to sign, signs, and checks what it signed.

import {
  createTypedData,
  referenceCryptography as cryptography,
  deriveFromMnemonic,
  encodeHex,
  encodeTransaction,
  formatAddress,
  formatUnits,
  genesisHashFrom,
  mnemonicFrom,
  parseUnits,
  signTransaction,
  summarizeTransaction,
  transactionToJson,
  type UnsignedTransaction,
  verifyTransaction,
} from '@mutual-chain/protocol';

const MTN_DECIMALS = 18;

// The words are the keys: whoever has them has the money. A real wallet shows them once and keeps them encrypted.
const keys = deriveFromMnemonic(mnemonicFrom(crypto.getRandomValues(new Uint8Array(32))));
const sender = keys.keyPair(0);
const receiver = keys.keyPair(1);
console.log(`sender    ${formatAddress(sender.address)}`);
console.log(`receiver  ${formatAddress(receiver.address)}`);

// Both numbers come from the chain that the wallet talks to. A signature is worth nothing on any other.
const typedData = createTypedData(cryptography, { chainId: 1, genesisHash: genesisHashFrom(new Uint8Array(32)) });

const transfer: UnsignedTransaction<'Transfer'> = {
  type: 'Transfer',
  message: {
    from: sender.address,
    nonce: 0,
    validUntil: Math.floor(Date.now() / 1000) + 600,
    maxFee: parseUnits('0.1', MTN_DECIMALS),
    to: receiver.address,
    asset: 'MTN',
    amount: parseUnits('12.5', MTN_DECIMALS),
    memo: 'lunch',
  },
};
console.log(`to sign   ${summarizeTransaction(transfer, { formatAmount: (amount) => formatUnits(amount, MTN_DECIMALS) })}`);

const signed = signTransaction(cryptography, typedData, transfer, sender.privateKey);
console.log('to send  ', JSON.stringify(transactionToJson(signed)));

const verified = verifyTransaction(cryptography, typedData, encodeTransaction(signed));
if (!verified.ok) throw new Error(`the chain would refuse this: ${verified.code}`);
console.log(`id        ${encodeHex(verified.transaction.id)}`);
