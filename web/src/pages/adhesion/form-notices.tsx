import type { JSX } from "preact";

import type { Company } from "../../api/messages.ts";
import { Button, LinkButton } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { cnpjText } from "../../format/identifiers.ts";
import { intentions, remaining, type Staged } from "./staging.ts";

/** Done, with how the company's system logs in now (adhesion guide, "Como saber se o processo foi executado"). */
export function Concluded({ message, cnpj }: { readonly message: string; readonly cnpj: string }): JSX.Element {
  return (
    <Notice tone="good" live headline={firstSentence(message)}>
      <p>
        O usuário é o CNPJ <strong class="figure nowrap">{cnpjText(cnpj)}</strong>. A senha é a informada no cadastro.
      </p>
      <div class="row">
        <LinkButton to="/empresas">Voltar a Minhas Empresas</LinkButton>
      </div>
    </Notice>
  );
}

/** What became of a change that was not answered as done. */
export function Unapplied({ known }: { readonly known: boolean }): JSX.Element {
  return (
    <Notice tone="calm">
      {known ? (
        <p>A solicitação não foi aplicada. O que você preparou continua aqui.</p>
      ) : (
        <p>
          Não se sabe se a solicitação chegou a ser aplicada. O que você preparou continua aqui, e concluir de novo é
          seguro: a mesma solicitação não é aplicada duas vezes.
        </p>
      )}
    </Notice>
  );
}

/** Somebody else changed the company meanwhile. */
export function Conflict({ onReadAgain }: { readonly onReadAgain: () => Promise<void> }): JSX.Element {
  return (
    <Notice tone="warn" live headline="O cadastro desta empresa mudou enquanto você o editava">
      <p>
        Nada do que você preparou foi aplicado, e nada se perdeu. Carregue o cadastro como está agora, confira e conclua de
        novo: a senha e os arquivos continuam nesta página.
      </p>
      <div>
        <Button kind="primary" onPress={onReadAgain}>
          Carregar o cadastro atual
        </Button>
      </div>
    </Notice>
  );
}

/** What the state of the certificates asks for. */
export function Standing({ company }: { readonly company: Company }): JSX.Element | null {
  if (company.status === "VENCIDO") {
    return (
      <Notice tone="bad">
        <p>
          Nenhum certificado desta empresa está em vigor: os sistemas dela não conseguem se conectar. Exclua o que não vale
          mais e envie um novo, na mesma solicitação.
        </p>
      </Notice>
    );
  }
  if (company.certificados.some((one) => one.status === "REVOGADO")) {
    return (
      <Notice tone="warn">
        <p>Há um certificado revogado. Ele não serve mais para conexão e ocupa lugar até ser excluído.</p>
      </Notice>
    );
  }
  if (company.certificados.some((one) => one.status === "A_VENCER" || one.status === "VENCIDO")) {
    return (
      <Notice tone="warn">
        <p>
          Há um certificado vencido ou perto de vencer. Para renovar com o mesmo requerente, exclua o antigo e envie o novo
          na mesma solicitação.
        </p>
      </Notice>
    );
  }
  return null;
}

/** What concluding will do, and what it would take away. */
export function Intentions({ company, staged }: { readonly company: Company; readonly staged: Staged }): JSX.Element {
  const lines = intentions(company, staged);
  return (
    <>
      <h2>Ao concluir</h2>
      {lines.length === 0 ? (
        <p class="soft">Nada foi preparado ainda.</p>
      ) : (
        <ul class="intentions">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {staged.deletions.length > 0 && remaining(company, staged) === 0 && (
        <Notice tone="warn">
          <p>A empresa ficará sem certificado, e os sistemas dela não conseguirão se conectar até que outro seja enviado.</p>
        </Notice>
      )}
    </>
  );
}

function firstSentence(message: string): string {
  return /^[^.]*\./.exec(message)?.[0] ?? message;
}
