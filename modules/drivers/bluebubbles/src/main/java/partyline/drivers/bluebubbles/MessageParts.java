package partyline.drivers.bluebubbles;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.drivers.AppleEffects;
import partyline.drivers.ContactCards;
import partyline.kernel.Id;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Outgoing;

/// A message as the pieces that the Mac takes, in order, and what had to be left out. Whoever makes one closes it.
record MessageParts(List<Piece> pieces, Set<String> leftOut) implements AutoCloseable {

    /// One call's worth: words, a file, or both at once. `key` names it for ever; that of the last piece is the
    /// message's.
    record Piece(
            String key, @Nullable String text, @Nullable Attachment file, Optional<String> effect) {

        /// The temporary id under which the Mac shows it.
        String tempGuid() {
            return "partyline-" + key;
        }

        private Piece named(String name) {
            return new Piece(name, text, file, effect);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(MessageParts.class);
    private static final int SHORT = 8;

    /// With a chat and the Private API words and a file are one bubble; else the words begin the chat, and the file
    /// follows. A chat that there is gets the files first, so that the words are what the message is known by.
    static MessageParts of(Outgoing message, Route route, Attachments attachments) {
        Set<String> leftOut = new HashSet<>();
        Optional<String> effect =
                route.effects() ? Optional.ofNullable(message.sendStyle()).flatMap(AppleEffects::of) : Optional.empty();
        if (message.sendStyle() != null && effect.isEmpty()) {
            leftOut.add("effect");
        }
        List<Attachment> files = files(message, attachments, leftOut);
        List<Piece> pieces = new ArrayList<>();
        String id = message.clientId().text();
        boolean together = route.privately() && route.chat().isPresent() && files.size() == 1;
        if (message.text() != null && together) {
            pieces.add(new Piece(id, message.text(), files.getFirst(), effect));
            return new MessageParts(pieces, leftOut);
        }
        Optional<Piece> words = Optional.ofNullable(message.text()).map(text -> new Piece("", text, null, effect));
        if (route.chat().isEmpty()) {
            words.ifPresent(pieces::add);
        }
        files.forEach(file -> pieces.add(new Piece("", null, file, Optional.empty())));
        if (route.chat().isPresent()) {
            words.ifPresent(pieces::add);
        }
        return new MessageParts(numbered(id, pieces), leftOut);
    }

    private static List<Piece> numbered(String id, List<Piece> pieces) {
        int last = pieces.size() - 1;
        return IntStream.rangeClosed(0, last)
                .mapToObj(at -> pieces.get(at).named(at == last ? id : id + "#" + at))
                .toList();
    }

    private static List<Attachment> files(Outgoing message, Attachments attachments, Set<String> leftOut) {
        List<Attachment> files = new ArrayList<>();
        if (message.mediaUrl() != null) {
            try {
                files.add(attachments.open(message.mediaUrl()));
            } catch (IOException e) {
                LOG.warn(
                        "event=media_left_out message={} cause={}",
                        message.clientId(),
                        e.getClass().getSimpleName());
                leftOut.add("media");
            }
        }
        if (message.contactCard() != null) {
            byte[] card = ContactCards.whole(message.contactCard(), attachments).getBytes(StandardCharsets.UTF_8);
            files.add(new Attachment(
                    cardName(message.clientId()), "text/vcard", card.length, new ByteArrayInputStream(card)));
        }
        return files;
    }

    /// The server may take a file for an older one of the same name, so no two cards share theirs.
    private static String cardName(Id message) {
        String id = message.text().replace("-", "");
        return "contact-" + id.substring(id.length() - SHORT) + ".vcf";
    }

    @Override
    public void close() {
        for (Piece piece : pieces) {
            Attachment file = piece.file();
            if (file != null) {
                try {
                    file.close();
                } catch (IOException e) {
                    LOG.debug("event=media_close_failed piece={}", piece.key(), e);
                }
            }
        }
    }
}
