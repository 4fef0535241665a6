export interface CommandFor {
  readonly origin: string;
  readonly event: string;
  readonly sender: string;
  readonly company: string;
}

/** Reads back, reckons again and only then validates, without this page (docs/weekly-routine.md). */
export function verifyingCommand({ origin, event, sender, company }: CommandFor): string {
  return (
    `aval fa validar --evento ${event} --remetente ${sender} --cnpj ${company}` +
    ` --chaves leitor.chaves --api ${origin} --chave-medidas medidas.pem`
  );
}

export function receiptCommand(file: string, isHardware: boolean): string {
  const root = isHardware ? "" : " --raiz raiz.pem";
  return `aval recibo verificar ${file} --medidas medidas.jsonl --chave-medidas medidas.pem${root}`;
}
