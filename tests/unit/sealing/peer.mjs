// One JSON request on standard input, one JSON reply on standard output, done by Node's `jose` alone.
import { readFileSync } from "node:fs";

const jose = await import(process.argv[2]);
const request = JSON.parse(readFileSync(0, "utf8"));
const bytes = (text) => new TextEncoder().encode(text);
const text = (data) => new TextDecoder().decode(data);

const operations = {
  async seal({ plaintext, header, key }) {
    const sealing = await jose.importJWK(key, header.alg);
    return new jose.CompactEncrypt(bytes(plaintext)).setProtectedHeader(header).encrypt(sealing);
  },
  async open({ sealed, key }) {
    const { plaintext, protectedHeader } = await jose.compactDecrypt(sealed, await jose.importJWK(key, "RSA-OAEP-256"));
    return { plaintext: text(plaintext), header: protectedHeader };
  },
  async sign({ payload, header, key }) {
    return new jose.CompactSign(bytes(payload)).setProtectedHeader(header).sign(await jose.importJWK(key, "ES256"));
  },
  async verify({ signed, key }) {
    const { payload, protectedHeader } = await jose.compactVerify(signed, await jose.importJWK(key, "ES256"));
    return { payload: text(payload), header: protectedHeader };
  },
  async readAnswer({ answer, key, signer }) {
    const options = { keyManagementAlgorithms: ["ECDH-ES+A256KW"], contentEncryptionAlgorithms: ["A256GCM"] };
    const reader = await jose.importJWK(key, "ECDH-ES+A256KW");
    const { plaintext } = await jose.generalDecrypt(answer, reader, options);
    return operations.verify({ signed: text(plaintext), key: signer });
  },
  async answer({ payload, header, recipients, protectedHeader, key }) {
    const signed = await operations.sign({ payload, header, key });
    const sealing = new jose.GeneralEncrypt(bytes(signed)).setProtectedHeader(protectedHeader);
    for (const { kid, jwk } of recipients) {
      sealing.addRecipient(await jose.importJWK(jwk, "ECDH-ES+A256KW")).setUnprotectedHeader({ kid });
    }
    return sealing.encrypt();
  },
  async openReaderFile({ file, passphrase }) {
    const options = { maxPBES2Count: 1000000, keyManagementAlgorithms: ["PBES2-HS512+A256KW"] };
    return JSON.parse(text((await jose.compactDecrypt(file, bytes(passphrase), options)).plaintext));
  },
  async newReader({ id }) {
    const make = async (alg) => jose.generateKeyPair(alg, { extractable: true });
    const [enc, sig] = [await make("ECDH-ES+A256KW"), await make("ES256")];
    return {
      public: { id, enc: await jose.exportJWK(enc.publicKey), sig: await jose.exportJWK(sig.publicKey) },
      private: { enc: await jose.exportJWK(enc.privateKey), sig: await jose.exportJWK(sig.privateKey) },
    };
  },
};

process.stdout.write(JSON.stringify(await operations[request.operation](request)));
