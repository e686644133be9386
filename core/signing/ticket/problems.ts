import { Malformed } from "../problem.ts";

/** Why a notarization ticket proves nothing. None of them makes the signature invalid: the code may be notarized all the same. */
export const TICKET_PROBLEMS = {
  "ticket-malformed": "The notarization ticket is malformed.",
  "ticket-version-unknown": "The notarization ticket has a form that this version does not know.",
  "ticket-no-signing-certificate": "The notarization ticket carries no certificate that may sign tickets.",
  "ticket-not-apple": "The notarization ticket was not signed under Apple's root.",
  "ticket-chain-invalid": "A certificate of the notarization ticket's chain may not be used the way it is.",
  "ticket-wrong-authority":
    "The notarization ticket's certificate comes from an authority that does not issue such certificates.",
  "ticket-key-unsupported":
    "The notarization ticket's certificate has a key of a kind that tickets are not signed with.",
  "ticket-signature-mismatch": "The notarization ticket was changed, or its signature is not its own.",
} as const;

export type TicketProblemId = keyof typeof TICKET_PROBLEMS;

export function ticketFault(id: TicketProblemId): Malformed {
  return new Malformed(id, TICKET_PROBLEMS[id]);
}
