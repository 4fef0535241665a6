import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const REFERENCE = /<(script|link)\b([^>]*?)\s(src|href)="\/(assets\/[^"]+)"/g;

/** Name the SHA-384 of every script and style sheet in the document that asks for it (W3C Subresource Integrity). */
export function integrity(): Plugin {
  return {
    name: "aval-integrity",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("index.html is not in the bundle");
        page.source = String(page.source).replace(REFERENCE, (found, tag, before, attribute, file) => {
          const asked = bundle[file];
          if (asked === undefined) throw new Error(`${file} is asked for and was not built`);
          const digest = createHash("sha384")
            .update(asked.type === "chunk" ? asked.code : asked.source)
            .digest("base64");
          return `${found.replace(`<${tag}${before}`, `<${tag}${before} integrity="sha384-${digest}"`)}`.replace(
            ` ${attribute}=`,
            ` ${attribute}=`,
          );
        });
      },
    },
  };
}
