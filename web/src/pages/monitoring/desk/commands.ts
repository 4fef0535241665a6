/** What a person may run instead of believing this page (docs/attestation.md, docs/weekly-routine.md). */
export interface CommandsFor {
  /** `https://…`, where this page came from. */
  readonly origin: string;
  readonly event: string;
  readonly sender: string;
  readonly isHardware: boolean;
}

/** Ask for the enclave's key and judge its attestation, without this page. */
export function verifyingCommands({ origin, isHardware }: CommandsFor): string {
  return [
    "NONCE=$(openssl rand -hex 32)",
    `curl -sSf -H "Authorization: Bearer $AVAL_TOKEN" "${origin}/prudencial/chave?nonce=$NONCE" -o chave.json`,
    `curl -sSf "${origin}/prudencial/medidas" -o medidas.jsonl`,
    "jq -r .atestado chave.json | base64 -d > atestado.cose",
    `aval atestado verificar atestado.cose --nonce $NONCE --medidas medidas.jsonl --chave-medidas medidas.pem${root(isHardware)}`,
  ].join("\n");
}

/** Seal and deliver with the command, which verifies by itself before it seals. */
export function deliveringCommands({ origin, event, sender, isHardware }: CommandsFor): string {
  return [
    "aval leitor criar --id SEU_ID -o leitor.chaves --publica leitor.json",
    "aval lote enviar carteira.xlsx --tipo PORTFOLIO --leitor leitor.json --chaves leitor.chaves \\",
    `    --evento ${event} --remetente ${sender} \\`,
    `    --api ${origin} --chave-medidas medidas.pem${root(isHardware)}`,
  ].join("\n");
}

function root(isHardware: boolean): string {
  return isHardware ? "" : " --raiz raiz.pem";
}
