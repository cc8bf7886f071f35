package partyline.app;

import java.util.Optional;
import partyline.identities.ApiKey;
import partyline.identities.ApiKeys;
import partyline.identities.Organization;
import partyline.identities.Organizations;
import partyline.identities.SystemAccess;
import partyline.kernel.Database;

/// What the very first start makes: the operator's organization and, unless one was given, an admin key, told once.
record FirstStart(Organization operator, Optional<String> newAdminKey) {

    static FirstStart run(
            Database database,
            Organizations organizations,
            ApiKeys keys,
            SystemAccess system,
            Optional<String> adminKey) {
        Optional<Organization> known = organizations.operator();
        return database.write(tx -> {
            Organization operator = known.orElseGet(() -> organizations.create(tx, "default"));
            adminKey.ifPresent(text -> keys.install(tx, system, operator.id(), text));
            Optional<String> made = known.isPresent() || adminKey.isPresent()
                    ? Optional.empty()
                    : Optional.of(keys.mintAdmin(tx, system, operator.id(), "first admin key"))
                            .map(ApiKey.Minted::text);
            return new FirstStart(operator, made);
        });
    }
}
