package partyline.app;

import java.util.ArrayList;
import java.util.List;

/// What the model knows of one agent and one person: whether they are connected, and every message between them
/// with how it stands. Plain lists and flags, in one thread; nothing of the server's.
final class Life {

    /// What keeps the head of the queue waiting.
    enum Waiting {
        NOTHING,
        /// It was not sent and will be tried again.
        RETRY,
        /// It was sent, and the line did not know.
        ASK,
        /// It was not sent, and the line did not know.
        ASK_LOST
    }

    static final class Message {

        final String text;
        final boolean outbound;
        final int connection;
        boolean blocked;
        boolean read;
        boolean shown;
        boolean sent;
        String status;
        String tapOfPerson = "";
        String tapOfAgent = "";
        Waiting waiting = Waiting.NOTHING;

        Message(String text, boolean outbound, int connection, String status) {
            this.text = text;
            this.outbound = outbound;
            this.connection = connection;
            this.status = status;
        }

        @Override
        public String toString() {
            return text + " " + (outbound ? status : read ? "read" : "unread") + " " + tapOfPerson + "/" + tapOfAgent;
        }
    }

    final List<Message> messages = new ArrayList<>();
    boolean connected;
    boolean ever;
    boolean wrote;
    boolean blocked;
    int connection;
    String keyed = "";

    void connect() {
        if (!connected) {
            connected = true;
            ever = true;
            connection++;
        }
    }

    void release() {
        connected = false;
    }

    Message add(String text, boolean outbound, String status) {
        Message message = new Message(text, outbound, connection, status);
        messages.add(message);
        return message;
    }

    /// The oldest message that is still to be sent.
    List<Message> queue() {
        return messages.stream().filter(it -> it.status.equals("queued")).toList();
    }

    /// What the agent sees, oldest first.
    List<Message> visible() {
        return messages.stream().filter(it -> !it.blocked).toList();
    }

    long unread() {
        return visible().stream().filter(it -> !it.outbound && !it.read).count();
    }

    /// Sends what may be sent now. `open` is whether the agent may reach the person at all.
    void send(boolean open, boolean online) {
        for (Message message : queue()) {
            if (message.waiting != Waiting.NOTHING) {
                return;
            }
            if (!open || !connected || message.connection != connection) {
                message.status = "declined";
            } else {
                message.sent = true;
                advance(message, online);
            }
        }
    }

    /// Time passes: whoever waits to be asked or sent again is.
    void tick(boolean open, boolean online) {
        for (Message head : queue().stream().limit(1).toList()) {
            switch (head.waiting) {
                case ASK -> advance(head, online);
                case ASK_LOST -> head.waiting = Waiting.RETRY;
                case RETRY, NOTHING -> head.waiting = Waiting.NOTHING;
            }
        }
        send(open, online);
    }

    /// The phone is reachable again, or still: what was sent arrives.
    void arrive() {
        messages.stream().filter(it -> it.sent && !it.shown).forEach(it -> {
            it.shown = true;
            if (it.status.equals("sent")) {
                it.status = "delivered";
            }
        });
    }

    private void advance(Message message, boolean online) {
        message.waiting = Waiting.NOTHING;
        message.status = message.shown ? "delivered" : "sent";
        if (online) {
            arrive();
        }
    }
}
