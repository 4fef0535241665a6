/** `CN=aws.nitro-enclaves`, as AWS publishes it for Nitro Enclaves: SHA-256 of the certificate. */
export const AWS_ROOT = "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b";

/** Of everything that stands under another root; shown wherever a person sees it. */
export const NOT_HARDWARE_LABEL = "NÃO ATESTADO POR HARDWARE";

/** Whether documents under this root are signed by hardware of AWS. */
export function isHardware(root: string): boolean {
  return root === AWS_ROOT;
}
