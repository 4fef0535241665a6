const ROLES: Readonly<Record<string, string>> = {
  REPRESENTANTE_CCEE: "representante CCEE",
  REPRESENTANTE_LEGAL: "representante legal",
  REPRESENTANTE_CONTABIL: "representante contábil",
  MONITORAMENTO_PRUDENCIAL: "monitoramento prudencial",
};

/** A role of the registry as people say it. */
export function roleText(role: string): string {
  return ROLES[role] ?? role.toLowerCase().replaceAll("_", " ");
}
