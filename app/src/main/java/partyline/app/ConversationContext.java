package partyline.app;

import java.util.List;
import java.util.Objects;
import partyline.conversations.Conversations;
import partyline.conversations.Message;
import partyline.transport.Service;
import partyline.webhooks.ContextSource;

/// The history that webhooks send along, taken from the conversations.
record ConversationContext(Conversations conversations) implements ContextSource {

    @Override
    public List<Item> texts(Wish wish) {
        Conversations.History stretch = new Conversations.History(
                wish.conversation(), wish.before(), wish.since(), wish.most(), wish.longest());
        return conversations.history(stretch).stream()
                .map(ConversationContext::item)
                .toList();
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
