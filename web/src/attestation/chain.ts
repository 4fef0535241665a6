import { hex, sha256 } from "./bytes.ts";
import { readCertificate, type Certificate } from "./certificate.ts";
import { NotDer } from "./der.ts";
import { spelt } from "./moments.ts";
import { isSignedBy } from "./p384.ts";
import { AttestationRefused } from "./refusals.ts";

/** How far a clock may be behind the one that issued, in milliseconds. */
export const LEEWAY = 60_000;

/** The root that is believed, and when the path is judged. */
export interface PathTerms {
  /** SHA-256 of the root, lower-case hex. */
  readonly root: string;
  readonly at: Date;
  /** Milliseconds. */
  readonly leeway: number;
}

/**
 * The key of a leaf that the root vouches for (RFC 5280, section 6.1); throws `AttestationRefused`.
 *
 * AWS revokes nothing here: certificates live for hours. There is one path, the one the document brings.
 */
export async function verifyChain(
  bundle: readonly Uint8Array[],
  leaf: Uint8Array,
  terms: PathTerms,
): Promise<CryptoKey> {
  // (1) The root is known by its fingerprint, before anything beside it is read; being there is no merit.
  const [top] = bundle;
  if (top === undefined || hex(await sha256(top)) !== terms.root) {
    throw new AttestationRefused("RAIZ_DESCONHECIDA", "a raiz do atestado não é a esperada");
  }
  const authorities = await Promise.all(bundle.map(readable));
  const last = await readable(leaf);
  const path = [...authorities, last];
  // (2) Each is issued by the one before: section 6.1.3 (a) (4).
  if (path.some((issued, place) => place > 0 && issued.issuer !== path[place - 1]?.subject)) {
    throw outOfOrder("um certificado não segue o de quem o emitiu");
  }
  // (3) Who may issue what: section 6.1.4 (k) to (o).
  authorities.toReversed().forEach(verifyAuthority);
  const key = verifyLeaf(last);
  // (4) All of them at the same moment: section 6.1.3 (a) (2); both bounds are inclusive.
  verifyMoment(path, terms);
  // (5) Signatures: section 6.1.3 (a) (1).
  await verifySignatures(authorities, last);
  return key;
}

async function readable(der: Uint8Array): Promise<Certificate> {
  try {
    return await readCertificate(der);
  } catch (failure) {
    // A text that is no UTF-8 is a `TypeError`.
    if (!(failure instanceof NotDer || failure instanceof TypeError)) throw failure;
    throw new AttestationRefused("CERTIFICADO_ILEGIVEL", "um certificado do atestado não pôde ser lido");
  }
}

function verifyAuthority(link: Certificate, below: number): void {
  if (link.constraints?.isAuthority !== true) {
    throw new AttestationRefused("NAO_E_AUTORIDADE", "um certificado da cadeia não é de autoridade");
  }
  if (link.constraints.pathLength !== null && below > link.constraints.pathLength) {
    throw new AttestationRefused("CADEIA_COMPRIDA", "há mais autoridades do que a cadeia permite");
  }
  if (link.usage?.keyCertSign !== true) {
    throw new AttestationRefused("USO_DA_CHAVE", "uma autoridade da cadeia não pode assinar certificados");
  }
  verifyCriticals(link);
}

function verifyLeaf(link: Certificate): CryptoKey {
  if (link.constraints?.isAuthority === true) {
    throw new AttestationRefused("FOLHA_E_AUTORIDADE", "quem assina o atestado não pode ser autoridade");
  }
  if (link.usage?.digitalSignature !== true) {
    throw new AttestationRefused("USO_DA_CHAVE", "a chave do atestado não é de assinatura digital");
  }
  verifyCriticals(link);
  if (link.key === null) throw new AttestationRefused("CHAVE_DA_FOLHA", "a chave do atestado não é P-384");
  return link.key;
}

function verifyCriticals(link: Certificate): void {
  // Sections 6.1.4 (o) and 6.1.5 (f): what is critical must be understood.
  if (link.hasUnknownCritical) {
    throw new AttestationRefused("EXTENSAO_CRITICA", "um certificado tem extensão crítica desconhecida");
  }
}

function verifyMoment(path: readonly Certificate[], { at, leeway }: PathTerms): void {
  const begins = Math.max(...path.map((link) => link.begins.getTime()));
  const ends = Math.min(...path.map((link) => link.ends.getTime()));
  if (begins - at.getTime() > leeway) {
    throw new AttestationRefused(
      "AINDA_NAO_VALE",
      `o atestado só vale a partir de ${spelt(new Date(begins))}, e aqui são ${spelt(at)}: ` +
        "o relógio está atrasado, ou o momento pedido é anterior",
    );
  }
  if (at.getTime() > ends) {
    throw new AttestationRefused(
      "EXPIRADO",
      `o atestado valeu até ${spelt(new Date(ends))}, e aqui são ${spelt(at)}: ` +
        "é antigo, ou o relógio está adiantado",
    );
  }
}

async function verifySignatures(authorities: readonly Certificate[], leaf: Certificate): Promise<void> {
  const path = [...authorities, leaf];
  const marksItsRules = (link: Certificate): boolean =>
    link.constraints?.isCritical === true && link.usage?.isCritical === true;
  if (!path.every((link) => link.isWellFormed) || !authorities.every(marksItsRules)) throw notSigned();
  for (const [below, issuer] of authorities.entries()) {
    const issued = path[below + 1];
    if (issued === undefined) throw notSigned();
    // Names alone can hide who signed: nobody else of that name may have.
    for (const other of authorities) {
      if (other !== issuer && other.subject === issued.issuer && (await hasIssued(other, issued))) {
        throw outOfOrder("a cadeia do atestado tem mais de um caminho");
      }
    }
    if (!(await hasIssued(issuer, issued))) throw notSigned();
  }
}

async function hasIssued(issuer: Certificate, issued: Certificate): Promise<boolean> {
  // AWS signs with nothing but P-384 and SHA-384, from the root down.
  if (issuer.key === null || issued.signature === null) return false;
  return isSignedBy(issuer.key, issued.signature, issued.signed);
}

function outOfOrder(detail: string): AttestationRefused {
  return new AttestationRefused("CADEIA_FORA_DE_ORDEM", detail);
}

function notSigned(): AttestationRefused {
  return new AttestationRefused("CADEIA_ASSINATURA", "a cadeia do atestado não é a que a raiz assinou");
}
