package partyline.drivers.simulator;

import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.transport.Service;

/// The `sim_phone` table and the phones' address books, `sim_contact`. A phone without a row is [Phone#usual].
final class PhoneStore {

    Phone find(Handle handle, PhoneNumber number) {
        return handle.createQuery("SELECT service, online, reads FROM sim_phone WHERE number = :number")
                .bind("number", number.text())
                .map((row, _) -> new Phone(
                        number,
                        Service.of(row.getString("service")),
                        row.getBoolean("online"),
                        row.getBoolean("reads")))
                .findOne()
                .orElseGet(() -> Phone.usual(number));
    }

    void save(Tx tx, Phone phone) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO sim_phone (number, service, online, reads)
                        VALUES (:number, :service, :online, :reads)
                        ON CONFLICT (number) DO UPDATE
                           SET service = excluded.service, online = excluded.online, reads = excluded.reads
                        """)
                .bind("number", phone.number().text())
                .bind("service", phone.service().wire())
                .bind("online", phone.online())
                .bind("reads", phone.reads())
                .execute();
    }

    void learn(Tx tx, PhoneNumber person, SimulatedContactCard card) {
        for (PhoneNumber number : card.numbers()) {
            tx.handle()
                    .createUpdate("""
                            INSERT INTO sim_contact (person, number, name)
                            VALUES (:person, :number, :name)
                            ON CONFLICT (person, number) DO UPDATE SET name = excluded.name
                            """)
                    .bind("person", person.text())
                    .bind("number", number.text())
                    .bind("name", card.name())
                    .execute();
        }
    }

    /// The names in this person's address book, by number.
    Map<String, String> names(Handle handle, PhoneNumber person) {
        Map<String, String> names = new HashMap<>();
        handle.createQuery("SELECT number, name FROM sim_contact WHERE person = :person")
                .bind("person", person.text())
                .map((row, _) -> Map.entry(row.getString("number"), row.getString("name")))
                .forEach(contact -> names.put(contact.getKey(), contact.getValue()));
        return names;
    }
}
