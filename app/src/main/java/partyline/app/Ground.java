package partyline.app;

import java.time.InstantSource;
import java.util.Optional;
import partyline.app.config.Config;
import partyline.app.config.DataFolder;
import partyline.app.operator.FirstStart;
import partyline.app.operator.Operations;
import partyline.app.operator.PersonalData;
import partyline.identities.ApiKeys;
import partyline.identities.Identities;
import partyline.identities.Organization;
import partyline.identities.Organizations;
import partyline.identities.ServerKey;
import partyline.identities.SigningKeys;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.Storage;

/// What everything else stands on: the data folder with its database, and who is known there.
final class Ground {

    final InstantSource clock;
    final DataFolder folder;
    final Database database;
    final Storage storage;
    final Organizations organizations;
    final Identities identities;
    final ApiKeys keys;
    final ServerKey serverKey;
    final SigningKeys signingKeys;
    final FirstStart firstStart;
    final Organization operator;

    Ground(Config config, Optional<String> adminKey, InstantSource clock, Closeables open) {
        this.clock = clock;
        folder = open.add(DataFolder.take(config.data()));
        database = open.add(Database.open(folder.database(), folder.history()));
        Ids ids = Ids.after(database.newestId(), clock);
        storage = new Storage(database, new Journal(ids, clock), ids, clock);
        storage.journal().leap(database);
        organizations = new Organizations(database, clock);
        identities = new Identities(database, ids, clock, config.shares().identities());
        keys = open.add(new ApiKeys(database, clock, config.shares().keys()));
        serverKey = ServerKey.open(folder.serverKey(), organizations.operator().isEmpty());
        signingKeys =
                new SigningKeys(database, clock, serverKey, config.webhooks().signingOverlap());
        firstStart = new FirstStart(database, organizations, keys, adminKey);
        operator = firstStart.operator();
    }

    /// What the operator's commands may do here.
    Operations operations() {
        PersonalData people = new PersonalData(database, clock, serverKey, folder);
        return new Operations(database, organizations, keys, people);
    }
}
