package partyline.conversations;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.transport.Transport;

/// Whom a person means on a line.
///
/// Usually they have one agent there. On a line that is shared, or that others fall back to, there may be several; then
/// it is the one in focus: whom they connected with last, or switched to, or who last had to use this line for them.
final class ConversationResolver {

    private final Transport transport;
    private final ConnectionStore connections = new ConnectionStore();

    ConversationResolver(Transport transport) {
        this.transport = transport;
    }

    /// The agents that this person has on the line, oldest connection first.
    List<Connection> all(Handle handle, PhoneNumber person, String line) {
        return connections.activeOn(handle, person, transport.lines().carriedBy(line));
    }

    private List<Connection> all(Tx tx, PhoneNumber person, String line) {
        return connections.activeOn(tx, person, transport.lines().carriedBy(line));
    }

    /// Whom an unaddressed text is for.
    Optional<Connection> inFocus(Tx tx, PhoneNumber person, String line) {
        return inFocus(tx.handle(), person, line, all(tx, person, line));
    }

    /// The same, as a reader sees it.
    Optional<Connection> inFocus(Handle reader, PhoneNumber person, String line) {
        return inFocus(reader, person, line, all(reader, person, line));
    }

    private static Optional<Connection> inFocus(Handle handle, PhoneNumber person, String line, List<Connection> all) {
        if (all.size() < 2) {
            return all.stream().findFirst();
        }
        Optional<String> focus = handle.createQuery(
                        "SELECT connection_id FROM line_focus WHERE person = :person AND line = :line")
                .bind("person", person.text())
                .bind("line", line)
                .mapTo(String.class)
                .findOne();
        return all.stream()
                .filter(it -> Optional.of(it.id().text()).equals(focus))
                .findFirst()
                .or(() -> Optional.of(all.getLast()));
    }

    /// From now on what the person writes on the line is for this agent. Nothing to keep where only one can be meant.
    void focus(Tx tx, String line, Connection connection) {
        if (!transport.lines().isShared(line)) {
            return;
        }
        tx.handle()
                .createUpdate("""
                        INSERT INTO line_focus (person, line, connection_id) VALUES (:person, :line, :connection)
                            ON CONFLICT (person, line) DO UPDATE SET connection_id = excluded.connection_id
                        """)
                .bind("person", connection.person().text())
                .bind("line", line)
                .bind("connection", connection.id().text())
                .execute();
    }

    /// Whether the person has to be told which of their agents speaks on the line.
    boolean ambiguous(Tx tx, PhoneNumber person, String line) {
        return transport.lines().isShared(line) && all(tx, person, line).size() > 1;
    }
}
