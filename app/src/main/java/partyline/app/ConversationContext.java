package partyline.app;

import java.util.List;
import java.util.Objects;
import partyline.contacts.ContactNames;
import partyline.conversations.Conversations;
import partyline.conversations.Message;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.transport.Service;
import partyline.webhooks.ContextSource;
import tools.jackson.databind.node.ArrayNode;

/// The history and the names that webhooks send along, taken from the conversations and the address book.
record ConversationContext(Conversations conversations, ContactNames names) implements ContextSource {

    @Override
    public List<Item> texts(Wish wish) {
        Conversations.History stretch = new Conversations.History(
                wish.conversation(), wish.before(), wish.since(), wish.most(), wish.longest());
        return conversations.history(stretch).stream()
                .map(ConversationContext::item)
                .toList();
    }

    @Override
    public ArrayNode contacts(OrganizationId organization, Id identity, PhoneNumber person) {
        return names.of(organization, identity, person);
    }

    private static Item item(Message message) {
        return new Item(
                message.id(),
                message.delivery().way().service() == Service.IMESSAGE ? "imessage" : "sms",
                message.place().outbound() ? null : message.place().person().text(),
                Objects.requireNonNullElse(message.content().text(), ""),
                message.delivery().status().wire(),
                message.content().media().size(),
                message.createdAt());
    }
}
