import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Contract } from "../../api/messages.ts";
import { Problem } from "../../api/problem.ts";
import { api, person } from "../../application.ts";
import { LinkButton } from "../../components/button.tsx";
import { Shown, useLoaded, type Loaded } from "../../components/loading.tsx";
import { Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import type { Parameters } from "../../routing/routes.ts";
import { AmountsPanel } from "./amounts-panel.tsx";
import { AssetsPanel } from "./assets-panel.tsx";
import "./contracts.css";
import { ContractFacts } from "./contract-facts.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { lastDayText } from "./periods.ts";
import type { OwnProfile } from "./profile-lists.ts";
import { ownProfiles } from "./profiles.ts";

const TRAIL = [{ text: "Contratos", to: "/contratos" }];

export function OneContractPage({ parameters }: { readonly parameters: Parameters }): JSX.Element {
  const id = parameters["id"] ?? "";
  return /^[1-9]\d{0,11}$/.test(id) ? <OneContract id={id} /> : <NoContract id={id} />;
}

function OneContract({ id }: { readonly id: string }): JSX.Element {
  const who = person.value;
  const loading = useLoaded((signal) => api.json<Contract>(`/contratos/${id}`, { signal }), [id]);
  const profiles = useLoaded(() => (who === null ? Promise.resolve([]) : ownProfiles(who)), [who]);
  // What is below is loaded anew with each change of the contract.
  const [changes, setChanges] = useState(0);

  if (isNotThere(loading.loaded)) return <NoContract id={id} />;
  return (
    <Page title={`Contrato ${id}`} trail={TRAIL}>
      <Shown loading={loading} what="o contrato">
        {(contract) => (
          <div class="stack loose">
            <Ending contract={contract} />
            <ContractFacts contract={contract} />
            <AmountsPanel
              contract={contract}
              buyer={actingFor(contract, profiles.loaded)}
              changes={changes}
              onValidated={async () => {
                setChanges((before) => before + 1);
                await loading.reload();
              }}
            />
            <AssetsPanel id={id} changes={changes} />
            {contract.ambienteContratacao.nome === "LIVRE" && <HistoryPanel id={id} changes={changes} />}
          </div>
        )}
      </Shown>
    </Page>
  );
}

/** The buyer's profile where the person may validate by it. */
function actingFor(contract: Contract, profiles: Loaded<readonly OwnProfile[]>): OwnProfile | null {
  if (profiles.state !== "ready") return null;
  const buyer = contract.comprador.perfil.id;
  return profiles.value.find(({ code, acts }) => code === buyer && acts) ?? null;
}

function isNotThere(loaded: Loaded<Contract>): boolean {
  return loaded.state === "failed" && loaded.error instanceof Problem && loaded.error.status === 404;
}

function NoContract({ id }: { readonly id: string }): JSX.Element {
  return (
    <Page title="Contrato não encontrado" trail={TRAIL}>
      <div class="panel stack">
        <p>
          Nenhum contrato {id} é seu, de quem você representa ou público. Confira o número; um rascunho só o vendedor vê.
        </p>
        <div>
          <LinkButton to="/contratos">Voltar à lista</LinkButton>
        </div>
      </div>
    </Page>
  );
}

function Ending({ contract }: { readonly contract: Contract }): JSX.Element | null {
  const situation = contract.situacao?.nome;
  const day = contract.dataFinalizacao ? lastDayText(contract.dataFinalizacao) : null;
  if (situation === "FINALIZACAO_NAO_VALIDADA") {
    return (
      <Notice tone="warn" headline={`Uma das partes pediu a finalização${day ? ` em ${day}` : ""}`}>
        <p>Até a outra parte validar o pedido, nada muda: os montantes continuam a ser validados e ajustados.</p>
      </Notice>
    );
  }
  if (situation === "CANCELAMENTO_NAO_VALIDADO") {
    return (
      <Notice tone="warn" headline="Uma das partes pediu o cancelamento">
        <p>Até a outra parte validar o pedido, nada muda: os montantes continuam a ser validados e ajustados.</p>
      </Notice>
    );
  }
  return null;
}
