export { type FastCryptography, loadFastCryptography } from './fast-cryptography.ts';
