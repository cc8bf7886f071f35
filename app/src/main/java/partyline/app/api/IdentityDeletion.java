package partyline.app.api;

import java.util.Optional;
import partyline.contacts.Contacts;
import partyline.conversations.Connections;
import partyline.identities.ApiKeys;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.SigningKeys;
import partyline.kernel.Database;
import partyline.media.MediaFiles;
import partyline.rules.Rules;
import partyline.webhooks.Subscriptions;

/// The end of an identity, over all modules, in one transaction: its keys are revoked, its connections released, its
/// rules, signing key, subscriptions and files deleted, its handle freed. What was said stays for the admin.
public record IdentityDeletion(Database database, Owners owners, Belongings belongings) {

    /// The facades of the identities module.
    public record Owners(Identities identities, ApiKeys keys, SigningKeys signingKeys) {}

    /// The facades that keep what an identity has.
    public record Belongings(
            Rules rules, Contacts contacts, Connections connections, Subscriptions subscriptions, MediaFiles media) {}

    void delete(Identity identity) {
        database.update(tx -> {
            belongings.subscriptions().deleteAll(tx, identity.id());
            belongings.connections().releaseAll(tx, identity.id());
            belongings.rules().deleteAll(tx, identity.id());
            belongings.contacts().forget(tx, identity.id());
            belongings.media().removeAll(tx, identity.id());
            owners.signingKeys().delete(tx, identity.id());
            owners.keys().revoke(tx, identity.id(), Optional.empty());
            owners.identities().delete(tx, identity);
        });
    }
}
