import type { CertificateFacts } from "#contract/inspection.ts";
import { formatTime } from "#core/base/time.ts";
import type { Certificate } from "./signer.ts";

const MAX_NAME = 200;

/** What people and programs are shown of a certificate; names are capped. */
export function certificateFacts(certificate: Certificate): CertificateFacts {
  return {
    commonName: cap(certificate.commonName),
    organization: cap(certificate.organization),
    organizationalUnit: cap(certificate.organizationalUnit),
    issuer: certificate.issuer.slice(0, MAX_NAME),
    serial: certificate.serial,
    sha256: certificate.sha256,
    notBefore: formatTime(certificate.notBefore),
    notAfter: formatTime(certificate.notAfter),
  };
}

function cap(name: string | null): string | null {
  return name === null ? null : name.slice(0, MAX_NAME);
}
