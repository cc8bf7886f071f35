package partyline.conversations;

import java.util.List;
import partyline.kernel.PersonalTable;

/// Which rows of this module are about a person. A conversation begins with a connection, so the index of those finds
/// it, and its messages through it.
final class PersonalTables {

    private static final String CONVERSATIONS = """
            (SELECT c.id FROM connection n JOIN conversation c ON c.identity_id = n.identity_id AND c.person = n.person
              WHERE n.person = :person)
            """;

    static final List<PersonalTable> ALL = List.of(
            PersonalTable.deleted(
                    "tapback", "message_id IN (SELECT id FROM message WHERE conversation_id IN " + CONVERSATIONS + ")"),
            PersonalTable.deleted("awaited_file", "person = :person"),
            PersonalTable.deleted("message", "conversation_id IN " + CONVERSATIONS),
            PersonalTable.deleted("conversation", "id IN " + CONVERSATIONS),
            PersonalTable.deleted("line_focus", "person = :person"),
            PersonalTable.deleted(
                    "idempotency",
                    "identity_id IN (SELECT identity_id FROM connection WHERE person = :person) AND person = :person"),
            PersonalTable.deleted("connection", "person = :person"));

    private PersonalTables() {}
}
