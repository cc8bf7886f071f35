/// Who may reach an identity. [ContactPolicy][partyline.rules.ContactPolicy] is the one answer that everything
/// asks for, [Rules][partyline.rules.Rules] keep what it follows from; both know numbers and identities, and
/// neither messages nor lines.
///
/// `docs/connections.md` tells how a rule goes one way or both.
@NullMarked
package partyline.rules;

import org.jspecify.annotations.NullMarked;
