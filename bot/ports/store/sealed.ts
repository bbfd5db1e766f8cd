/** Ciphertext made by the vault: the store never sees what is in it. */
export type Sealed = Uint8Array;
