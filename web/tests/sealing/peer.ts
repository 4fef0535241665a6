// What the page does when it seals, signs and opens, for tests in Python: a JSON request a line on standard input, a
// JSON reply a line on standard output. What a desk asks of the platform is a line, too, which the tests answer.
import { fromHex, textOf, utf8 } from "../../src/attestation/bytes.ts";
import { openAnswer, type ExpectedAnswer } from "../../src/sealing/answers.ts";
import { canonical } from "../../src/sealing/canonical.ts";
import type { PublicJwk } from "../../src/sealing/ec-keys.ts";
import { seal, type SealedKind } from "../../src/sealing/envelope.ts";
import { readHead } from "../../src/sealing/head.ts";
import { requireCompany } from "../../src/sealing/identities.ts";
import { readObject } from "../../src/sealing/json-members.ts";
import { readOffer, verifyOffer, verifyPastOffer, type AttestedKey } from "../../src/sealing/offered-key.ts";
import { createReader, openReaderFile, protect, unprotect } from "../../src/sealing/reader-file.ts";
import { held, makeReader, type PrivateReader } from "../../src/sealing/reader-keys.ts";
import { signNextList } from "../../src/sealing/reader-lists.ts";
import { fingerprintOf, Readers } from "../../src/sealing/readers.ts";
import { commitmentOf, verifyReceipt } from "../../src/sealing/receipts.ts";
import { signStatement, type Extra } from "../../src/sealing/statements.ts";
import { desk } from "./peer-desk.ts";
import { codeOf, nextLine, refusal, say, type Told } from "./peer-lines.ts";

const operations: Readonly<Record<string, (told: Told) => Promise<unknown>>> = {
  async canonical({ text }) {
    return textOf(canonical(readObject(utf8(text as string), 1_000_000)));
  },
  async company({ cnpj }) {
    return requireCompany(cnpj);
  },
  async readers({ listed }) {
    const { digest, listed: sorted } = await Readers.read(listed);
    return { digest, fingerprints: await Promise.all(sorted.map(fingerprintOf)) };
  },
  async newReader({ id }) {
    const made = await makeReader(id as string);
    await held(made);
    return made;
  },
  async createReader({ id, passphrase }) {
    const { keys, file } = await createReader(id as string, passphrase as string);
    const isOpen = keys.encryption.extractable || keys.signature.extractable;
    return { file: textOf(file), reader: keys.reader, isOpen };
  },
  async protect({ keys, passphrase }) {
    return textOf(await protect(keys as PrivateReader, passphrase as string));
  },
  async unprotect({ file, passphrase }) {
    return unprotect(utf8(file as string), passphrase as string);
  },
  async openReaderFile({ file, passphrase }) {
    return (await openReaderFile(utf8(file as string), passphrase as string)).reader;
  },
  async seal({ plaintext, spki, header }) {
    const key = await rsaKey(spki as string);
    const told = header as Told;
    const readers = await Readers.read(told["leitores"]);
    const seen = told["visto"] === undefined ? null : readHead(told["visto"]);
    const made = { ...commonOf(told), kind: told["tipo"] as SealedKind, readers, seen };
    const { jwe, identity } = await seal(utf8(plaintext as string), made, key);
    return { jwe, identity };
  },
  async sign({ keys, statement, what }) {
    const told = statement as Told;
    const seen = told["visto"] === undefined ? null : readHead(told["visto"]);
    const { event, requestId, issuedAt } = commonOf(told);
    const subject = told["objeto"] as string;
    const company = told["cnpj"] as string;
    const made = { event, company, subject, requestId, issuedAt, seen, what: what as Extra };
    return signStatement(made, await held(keys as PrivateReader));
  },
  async signNextList({ keys, company, listed, former, iat }) {
    const issuedAt = new Date((iat as number) * 1000);
    const next = { company: company as string, readers: await Readers.read(listed), former: former as string, issuedAt };
    return signNextList(next, await held(keys as PrivateReader));
  },
  async openAnswer({ answer, keys, signer, expected }) {
    const told = expected as Told;
    const opened = await openAnswer(answer as string, await held(keys as PrivateReader), signer as PublicJwk, {
      ...(told as unknown as ExpectedAnswer),
      seen: told["seen"] === null ? null : readHead(told["seen"]),
    });
    return { ...opened, head: { contador: opened.head.counter, resumo: opened.head.digest } };
  },
  async verifyOffer({ offer, code, at, nonce }) {
    const asked = { at: new Date(at as number), nonce: fromHex(nonce as string) };
    return keyTold(await verifyOffer(await readOffer(offer as string), codeOf(code as Told), asked));
  },
  async verifyPastOffer({ offer, code }) {
    return keyTold(await verifyPastOffer(await readOffer(offer as string), codeOf(code as Told)));
  },
  async verifyReceipt({ receipt, code }) {
    const verified = await verifyReceipt(receipt as string, codeOf(code as Told));
    const { inputs, versions, ...told } = verified.receipt;
    return { ...told, inputs: [...inputs], versions: [...versions], isHardware: verified.isHardware };
  },
  async commitment({ value, salt }) {
    return commitmentOf(value, salt as string);
  },
  desk,
};

function commonOf(told: Told) {
  return {
    keyId: told["kid"] as string,
    event: told["evento"] as string,
    sender: told["remetente"] as string,
    requestId: told["jti"] as string,
    issuedAt: new Date((told["iat"] as number) * 1000),
  };
}

async function rsaKey(spki: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("spki", fromHex(spki), { name: "RSA-OAEP", hash: "SHA-256" }, true, ["encrypt"]);
}

async function keyTold(key: AttestedKey): Promise<unknown> {
  const { modulusLength } = key.sealing.algorithm as RsaHashedKeyAlgorithm;
  return { keyId: key.keyId, signing: key.signing, bits: modulusLength, isHardware: key.isHardware };
}

for (let told = await nextLine(); told !== null; told = await nextLine()) {
  const { operation, ...request } = told;
  try {
    const asked = operations[operation as string];
    if (asked === undefined) throw new Error(`no operation ${String(operation)}`);
    say({ told: (await asked(request)) ?? null });
  } catch (failure) {
    say(refusal(failure));
  }
}
