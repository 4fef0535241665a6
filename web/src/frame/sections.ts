export interface Section {
  readonly text: string;
  readonly to: string;
  readonly purpose: string;
}

export const sections: readonly Section[] = [
  {
    text: "Minhas Empresas",
    to: "/empresas",
    purpose: "Adesão à Plataforma de Integração: senha e certificados de cada empresa.",
  },
  {
    text: "Contratos",
    to: "/contratos",
    purpose: "Registrar, conferir e validar contratos de energia.",
  },
  {
    text: "Monitoramento Prudencial",
    to: "/prudencial",
    purpose: "Portfólio, contrapartes e fator de alavancagem da semana, cifrados neste computador.",
  },
  {
    text: "Publicação",
    to: "/publicacao",
    purpose: "Os fatores publicados de cada semana.",
  },
];
