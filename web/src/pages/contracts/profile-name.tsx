import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { siglas, wantSigla } from "./profiles.ts";

/** A profile by its sigla and code; by the code alone until the sigla has come. */
export function ProfileName({ code }: { readonly code: number }): JSX.Element {
  useEffect(() => wantSigla(code), [code]);
  const sigla = siglas.value.get(code);
  return sigla ? (
    <span class="profile-name" title={`${sigla}, perfil ${code}`}>
      {sigla} <span class="soft figure small">{code}</span>
    </span>
  ) : (
    <span class="figure">{code}</span>
  );
}
