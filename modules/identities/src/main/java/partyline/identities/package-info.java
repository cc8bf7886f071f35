/// Who is who: [Organizations][partyline.identities.Organizations], [Identities][partyline.identities.Identities] (the
/// agents), [ApiKeys][partyline.identities.ApiKeys] and [SigningKeys][partyline.identities.SigningKeys].
///
/// A [Caller][partyline.identities.Caller] goes with every read and write of tenant data that somebody asked for,
/// here and in the modules above; what takes none says in its docs that it is for the machinery.
///
/// `docs/privacy.md` tells who sees what, `docs/security.md` what stops whom.
@NullMarked
package partyline.identities;

import org.jspecify.annotations.NullMarked;
