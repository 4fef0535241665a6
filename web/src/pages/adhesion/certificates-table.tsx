import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Certificate, Company } from "../../api/messages.ts";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/notice.tsx";
import { saveAs } from "../../components/saving.ts";
import { Status } from "../../components/status.tsx";
import { dayText, momentText } from "../../format/moments.ts";
import { downloadCertificate } from "./record.ts";
import { certificateTold, revocationText } from "./words.ts";

export interface Deleting {
  readonly staged: readonly string[];
  readonly toggle: (fingerprint: string) => void;
}

export interface CertificatesTableProps {
  readonly company: Company;
  /** Absent for whoever may only read. */
  readonly deleting?: Deleting;
}

/** On a phone each row is a card: roles are said outright, since a table laid out otherwise may lose them. */
export function CertificatesTable({ company, deleting }: CertificatesTableProps): JSX.Element {
  const [failure, setFailure] = useState<unknown>(null);
  if (company.certificados.length === 0) {
    return (
      <p class="soft">
        A empresa não tem certificado cadastrado. Os sistemas dela só se conectam depois que um for enviado.
      </p>
    );
  }

  async function download(certificate: Certificate): Promise<void> {
    setFailure(null);
    try {
      saveAs(certificate.nome, await downloadCertificate(company.cnpj, certificate.impressaoDigital));
    } catch (error) {
      setFailure(error);
    }
  }

  return (
    <>
      {failure !== null && <Failure error={failure} />}
      <div class="scroller" role="region" aria-label="Certificados existentes" tabIndex={0}>
        <table class="table certificates cards" role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">Nome do certificado</th>
              <th scope="col" role="columnheader">Status</th>
              <th scope="col" role="columnheader">Validade</th>
              <th scope="col" role="columnheader">Certificadora</th>
              <th scope="col" role="columnheader">Versão</th>
              <th scope="col" role="columnheader">Última modificação</th>
              <th scope="col" role="columnheader">Modificado por</th>
              <th scope="col" role="columnheader">Ação</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {company.certificados.map((certificate) => (
              <Row
                key={certificate.impressaoDigital}
                certificate={certificate}
                onDownload={() => download(certificate)}
                {...(deleting === undefined ? {} : { deleting })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {company.certificados.some((one) => one.revogacao === "REVOGACAO_DESCONHECIDA") && (
        <p class="soft small">
          Revogação não conferida: a lista de revogados da certificadora não está disponível. O certificado vale, e a
          plataforma confere de novo todos os dias.
        </p>
      )}
    </>
  );
}

interface RowProps {
  readonly certificate: Certificate;
  readonly onDownload: () => Promise<void>;
  readonly deleting?: Deleting;
}

function Row({ certificate, onDownload, deleting }: RowProps): JSX.Element {
  const { nome, impressaoDigital, avisos } = certificate;
  const goes = deleting?.staged.includes(impressaoDigital) ?? false;
  const { tone, text } = certificateTold(certificate, new Date());
  const notes = [...avisos, revocationText(certificate.revogacao)].filter((note) => note !== null);
  return (
    <tr role="row" class={goes ? "struck" : ""}>
      <th scope="row" role="rowheader">
        <span class="text">{nome}</span>
        {notes.map((note) => (
          <span key={note} class="note small soft">
            {note}
          </span>
        ))}
      </th>
      <td role="cell" data-title="Status">
        {goes ? (
          <Status tone="bad" hollow>
            Será excluído
          </Status>
        ) : (
          <Status tone={tone}>{text}</Status>
        )}
      </td>
      <td role="cell" data-title="Validade" class="nowrap">
        <time class="text" dateTime={certificate.validade}>{dayText(certificate.validade)}</time>
      </td>
      <td role="cell" data-title="Certificadora">
        <span class="text">{certificate.certificadora}</span>
      </td>
      <td role="cell" data-title="Versão">
        <span class="text">{certificate.versao}</span>
      </td>
      <td role="cell" data-title="Última modificação">
        <span class="text">{momentText(certificate.ultimaModificacao)}</span>
      </td>
      <td role="cell" data-title="Modificado por">
        <span class="text">{certificate.modificadoPor}</span>
      </td>
      <td role="cell">
        <div class="acts">
          <Button kind="quiet" label={`Baixar ${nome}`} onPress={onDownload}>
            Baixar
          </Button>
          {deleting !== undefined && (
            <Button
              kind={goes ? "plain" : "danger"}
              label={goes ? `Desfazer a exclusão de ${nome}` : `Excluir ${nome}`}
              onPress={() => deleting.toggle(impressaoDigital)}
            >
              {goes ? "Desfazer" : "Excluir"}
            </Button>
          )}
        </div>
      </td>
    </tr>
  );
}
