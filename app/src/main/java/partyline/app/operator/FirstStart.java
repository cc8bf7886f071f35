package partyline.app.operator;

import java.util.List;
import java.util.Optional;
import partyline.identities.ApiKey;
import partyline.identities.ApiKeys;
import partyline.identities.Organization;
import partyline.identities.Organizations;
import partyline.kernel.Database;

/// What the very first start makes: the operator's organization and, unless one was given, an admin key, told once.
///
/// The key is made last, when nothing can fail any more but the printing: a start that ended in between would
/// have made a key that nobody ever saw.
public final class FirstStart {

    /// The operator's admin keys, as far as whoever started the server must know.
    public sealed interface Key {

        /// Made now; `text` is to be shown, once.
        record Made(String text) implements Key {}

        /// None that works was ever used: the one that was shown may be lost.
        record NeverUsed() implements Key {}

        /// Somebody has one.
        record InUse() implements Key {}
    }

    private final Database database;
    private final ApiKeys keys;
    private final Organization operator;

    /// Makes the organization if need be; `adminKey` is a key that the operator chose.
    public FirstStart(Database database, Organizations organizations, ApiKeys keys, Optional<String> adminKey) {
        this.database = database;
        this.keys = keys;
        Optional<Organization> known = organizations.operator();
        operator = database.write(tx -> {
            Organization mine = known.orElseGet(() -> organizations.create(tx, "default"));
            adminKey.ifPresent(text -> keys.install(tx, mine.id(), text));
            return mine;
        });
    }

    public Organization operator() {
        return operator;
    }

    /// Makes the first key when the operator never had one.
    public Key key() {
        List<ApiKey> mine = keys.admins().stream()
                .filter(key -> key.organization().equals(operator.id()))
                .toList();
        if (mine.isEmpty()) {
            return new Key.Made(database.write(tx -> keys.mintAdmin(tx, operator.id(), "first admin key"))
                    .text());
        }
        boolean lost = mine.stream()
                .filter(key -> key.revokedAt().isEmpty())
                .allMatch(key -> key.lastUsedAt().isEmpty() && !key.label().equals(ApiKeys.CHOSEN));
        return lost ? new Key.NeverUsed() : new Key.InUse();
    }
}
