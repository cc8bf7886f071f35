/// Who is who: [Organizations][partyline.identities.Organizations], [Identities][partyline.identities.Identities] (the
/// agents), [ApiKeys][partyline.identities.ApiKeys] and [SigningKeys][partyline.identities.SigningKeys].
///
/// A [Caller][partyline.identities.Caller] goes with every read and write of tenant data, here and in the
/// modules above; the machinery shows a [SystemAccess][partyline.identities.SystemAccess] instead.
@NullMarked
package partyline.identities;

import org.jspecify.annotations.NullMarked;
