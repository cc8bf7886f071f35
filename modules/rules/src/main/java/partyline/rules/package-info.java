/// Who may reach an identity. [Rules][partyline.rules.Rules] gives the one verdict that everything asks for; it knows
/// numbers and identities, and neither messages nor lines.
///
/// `docs/connections.md` tells how a rule goes one way or both.
@NullMarked
package partyline.rules;

import org.jspecify.annotations.NullMarked;
