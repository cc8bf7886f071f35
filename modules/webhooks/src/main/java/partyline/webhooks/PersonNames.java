package partyline.webhooks;

import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import tools.jackson.databind.node.ArrayNode;

/// Where the names for `data.contacts` come from: the address book, which this module does not know.
@FunctionalInterface
public interface PersonNames {

    /// Nobody has a name.
    PersonNames NONE = (_, _, _) -> Json.array();

    /// `data.contacts` of an event about this person for this agent.
    ArrayNode of(OrganizationId organization, Id identity, PhoneNumber person);
}
