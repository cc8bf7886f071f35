package partyline.app.api;

import java.util.List;
import java.util.function.BiConsumer;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Tx;

/// The end of an identity, over all modules, in one transaction: each of `owned` takes away what one of them keeps for
/// it, and its handle is freed. What was said stays for the admin.
public record IdentityDeletion(Database database, List<BiConsumer<Tx, Id>> owned, Identities identities) {

    void delete(Identity identity) {
        database.update(tx -> {
            owned.forEach(part -> part.accept(tx, identity.id()));
            identities.delete(tx, identity);
        });
    }
}
