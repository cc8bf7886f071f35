package partyline.drivers.bluebubbles;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.AppleEffects;
import partyline.drivers.OutgoingFiles;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Outgoing;

/// A message as the pieces that the Mac takes, in order, and what had to be left out. Whoever makes one closes it.
record MessageParts(List<Piece> pieces, Set<String> leftOut, OutgoingFiles files) implements AutoCloseable {

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

    /// With a chat and the Private API words and a file are one bubble; else the words begin the chat, and the file
    /// follows. A chat that there is gets the files first, so that the words are what the message is known by.
    static MessageParts of(Outgoing message, Route route, Attachments attachments) {
        OutgoingFiles opened = OutgoingFiles.of(message, attachments);
        List<Attachment> files = opened.files();
        Set<String> leftOut = new HashSet<>(opened.leftOut());
        Optional<String> effect =
                route.effects() ? Optional.ofNullable(message.sendStyle()).flatMap(AppleEffects::of) : Optional.empty();
        if (message.sendStyle() != null && effect.isEmpty()) {
            leftOut.add("effect");
        }
        List<Piece> pieces = new ArrayList<>();
        String id = message.clientId().text();
        boolean together = route.privately() && route.chat().isPresent() && files.size() == 1;
        if (message.text() != null && together) {
            pieces.add(new Piece(id, message.text(), files.getFirst(), effect));
            return new MessageParts(pieces, leftOut, opened);
        }
        Optional<Piece> words = Optional.ofNullable(message.text()).map(text -> new Piece("", text, null, effect));
        if (route.chat().isEmpty()) {
            words.ifPresent(pieces::add);
        }
        files.forEach(file -> pieces.add(new Piece("", null, file, Optional.empty())));
        if (route.chat().isPresent()) {
            words.ifPresent(pieces::add);
        }
        return new MessageParts(numbered(id, pieces), leftOut, opened);
    }

    private static List<Piece> numbered(String id, List<Piece> pieces) {
        int last = pieces.size() - 1;
        return IntStream.rangeClosed(0, last)
                .mapToObj(at -> pieces.get(at).named(at == last ? id : id + "#" + at))
                .toList();
    }

    @Override
    public void close() {
        files.close();
    }
}
