package partyline.transport;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Database;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;

/// Makes tapbacks of the texts that spell one, on every line: on most of them some phone has nothing
/// better, and a thumb must not wake an agent as words. Only texts that read like one cost a look at the
/// thread. Thread-safe.
final class WrittenTapbacks {

    private static final Logger LOG = LoggerFactory.getLogger(WrittenTapbacks.class);

    private final Database database;
    private final InboundHandler handler;
    private final InboxStore inbox = new InboxStore();
    private final SystemMessages messages;

    WrittenTapbacks(Database database, InboundHandler handler, SystemMessages messages) {
        this.messages = messages;
        this.database = database;
        this.handler = handler;
    }

    /// The event, or the tapback that it spells; empty when it came before, as whichever of the two.
    Optional<InboundEvent> read(InboundEvent event) {
        if (!(event instanceof TextReceived text) || text.mediaUrl() != null) {
            return Optional.of(event);
        }
        List<WrittenTapback> readings = WrittenTapback.of(text.text());
        if (readings.isEmpty()) {
            return Optional.of(event);
        }
        if (database.read(handle -> inbox.came(handle, text.line(), text.providerId())
                || handler.came(handle, text.line(), text.providerId()).isPresent())) {
            return Optional.empty();
        }
        List<InboundHandler.RecentText> thread = thread(text);
        return Optional.of(readings.stream()
                .flatMap(it -> it.target(thread).map(bubble -> tapback(text, it, bubble)).stream())
                .map(InboundEvent.class::cast)
                .findFirst()
                .orElse(event));
    }

    /// What the router said is kept by the transport, the rest by those who sent it. Who cannot tell costs
    /// no text.
    private List<InboundHandler.RecentText> thread(TextReceived text) {
        List<InboundHandler.RecentText> all = new ArrayList<>();
        try {
            all.addAll(handler.recent(text.line(), text.from()));
        } catch (RuntimeException e) {
            LOG.error(
                    "event=recent_texts_failed line={}"
                            + " fix=\"report this, it is a bug; the text is taken as it came\"",
                    text.line(),
                    e);
        }
        all.addAll(database.read(handle -> messages.said(handle, text.line(), text.from())));
        return all;
    }

    private static TapbackReceived tapback(
            TextReceived text, WrittenTapback written, InboundHandler.RecentText bubble) {
        return new TapbackReceived(
                text.line(),
                text.from(),
                text.at(),
                text.providerId(),
                bubble.providerId(),
                written.reaction(),
                written.emoji(),
                0,
                written.removed());
    }

    /// A tapback as phones spell it out to whoever cannot see it: `Loved “see you at eight”`, `Le gustó
    /// “hola”`, `👍 to “ok?”`, `Liked an image`. What it quotes has to be in the thread; anything else stays a
    /// text.
    ///
    /// `quote` is what it was given to, as [#even] has it, and empty where `thing` names it: a picture, a link
    /// or a message.
    record WrittenTapback(String reaction, @Nullable String emoji, boolean removed, String quote, Thing thing) {

        enum Thing {
            QUOTE,
            MEDIA,
            LINK,
            ANY
        }

        /// What is left of a tapback without its quote, accents and punctuation, by language.
        private static final String SET_WORDS = """
                love: loved, le encanto, a adore, a attribue la mention adore a, liebt, hat geliebt, amou, ha adorato
                like: liked, le gusto, a aime, a attribue la mention j aime a, gefallt, hat mit gefallt mir markiert
                like: gostou de, curtiu, ha messo mi piace a, vond leuk
                dislike: disliked, no le gusto, n a pas aime, a attribue la mention je n aime pas a, gefallt nicht
                dislike: hat mit gefallt mir nicht markiert, nao gostou de, nao curtiu, ha messo non mi piace a
                laugh: laughed at, le dio risa, se rio de, a ri de, a ri a, a attribue la mention haha a, lacht uber
                laugh: hat gelacht uber, riu de, achou graca de, ha riso a, ha riso per, moest lachen om
                emphasize: emphasized, emphasised, exclamo por, enfatizo, destaco, a mis l accent sur, a souligne, betont
                emphasize: hat hervorgehoben, hat betont, enfatizou, destacou, ha enfatizzato, ha evidenziato, benadrukte
                question: questioned, dudo sobre, cuestiono, a remis en question, a questionne, hinterfragt
                question: hat hinterfragt, questionou, ha messo in dubbio, zette vraagtekens bij
                """;
        private static final String REMOVED_WORDS = """
                love: removed a heart from
                like: removed a like from
                dislike: removed a dislike from
                laugh: removed a laugh from
                emphasize: removed an exclamation from, removed an exclamation point from
                question: removed a question mark from
                """;
        private static final Map<String, String> SET = words(SET_WORDS);
        private static final Map<String, String> REMOVED = words(REMOVED_WORDS);
        /// What may stand beside an emoji.
        private static final Set<String> EMOJI_SET = Set.of(
                "",
                "to",
                "reacted to",
                "reacted with to",
                "reacciono con a",
                "reacciono a",
                "a reagi avec a",
                "a reagi a",
                "hat mit auf reagiert",
                "reagierte mit auf",
                "reagiu com a",
                "reagiu a",
                "ha reagito con a",
                "ha reagito a");
        private static final Set<String> EMOJI_REMOVED = Set.of(
                "from",
                "removed from",
                "removed a from",
                "removed an from",
                "removed to",
                "elimino de",
                "quito de",
                "a supprime de",
                "a retire de",
                "hat entfernt von",
                "hat von entfernt",
                "removeu de",
                "ha rimosso da");

        /// An object without a quote, at the end: `an image`.
        private static final Pattern OBJECT = Pattern.compile(
                "(.+) (?:an?|una?|une|eine?n?|uma?) (image|photo|picture|movie|video|gif|attachment|audio message|imagen|foto"
                        + "|imagem|bild|immagine|link|enlace|lien|message|mensaje|nachricht|mensagem|messaggio)",
                Pattern.CASE_INSENSITIVE);
        private static final Set<String> LINKS = Set.of("link", "enlace", "lien");
        private static final Set<String> MESSAGES = Set.of("message", "mensaje", "nachricht", "mensagem", "messaggio");

        private static final String QUOTES = "“”„‟«»″「」";
        /// Holds emojis together.
        private static final char ZERO_WIDTH_JOINER = 0x200D;
        private static final int MOST_QUOTES = 24;
        private static final int LONGEST_VERB = 60;

        /// The tapbacks that `text` may be, the longest quote first; most often none.
        static List<WrittenTapback> of(@Nullable String text) {
            String plain = text == null || isProse(text) ? "" : even(text);
            int end = plain.lastIndexOf('"');
            List<WrittenTapback> found = new ArrayList<>();
            int start = plain.indexOf('"');
            for (int tried = 0; start >= 0 && start < end && start <= LONGEST_VERB && tried < MOST_QUOTES; tried++) {
                String quote = plain.substring(start + 1, end).strip();
                String rest = plain.substring(0, start) + " " + plain.substring(end + 1);
                if (!quote.isEmpty()) {
                    read(rest, quote, Thing.QUOTE).ifPresent(found::add);
                }
                start = plain.indexOf('"', start + 1);
            }
            Matcher object = OBJECT.matcher(plain.length() > LONGEST_VERB ? "" : plain);
            if (found.isEmpty() && object.matches()) {
                read(object.group(1), "", thing(folded(object.group(2)))).ifPresent(found::add);
            }
            return found;
        }

        /// Neither short nor with a quote in it, as most long texts are. What is not shown counts for no length.
        private static boolean isProse(String text) {
            return text.length() > 4 * LONGEST_VERB
                    && text.chars().noneMatch(it -> it == '"' || QUOTES.indexOf(it) >= 0);
        }

        /// The newest bubble that it can be meant for: one of ours, or, where it is quoted, one of the person's
        /// own.
        Optional<InboundHandler.RecentText> target(List<InboundHandler.RecentText> newestFirst) {
            List<InboundHandler.RecentText> fitting = newestFirst.stream()
                    .filter(bubble -> bubble.ours() || thing == Thing.QUOTE)
                    .filter(this::fits)
                    .toList();
            return fitting.stream()
                    .filter(InboundHandler.RecentText::ours)
                    .findFirst()
                    .or(() -> fitting.stream().findFirst());
        }

        private boolean fits(InboundHandler.RecentText bubble) {
            String said = bubble.text() == null ? "" : even(bubble.text());
            return switch (thing) {
                case MEDIA -> bubble.media();
                case LINK -> said.contains("http://") || said.contains("https://");
                case ANY -> true;
                case QUOTE ->
                    quote.endsWith("…")
                            ? quote.length() > 1
                                    && said.startsWith(quote.substring(0, quote.length() - 1)
                                            .strip())
                            : said.equals(quote);
            };
        }

        private static Optional<WrittenTapback> read(String rest, String quote, Thing thing) {
            if (rest.length() > LONGEST_VERB) {
                return Optional.empty();
            }
            List<String> words = new ArrayList<>(List.of(rest.strip().split(" ")));
            Optional<String> emoji =
                    words.stream().filter(LineContract::isEmoji).findFirst();
            emoji.ifPresent(words::remove);
            String phrase = folded(String.join(" ", words));
            if (emoji.isPresent()) {
                boolean removed = EMOJI_REMOVED.contains(phrase);
                return removed || EMOJI_SET.contains(phrase)
                        ? Optional.of(new WrittenTapback("custom", emoji.get(), removed, quote, thing))
                        : Optional.empty();
            }
            return Optional.ofNullable(SET.get(phrase))
                    .map(name -> new WrittenTapback(name, null, false, quote, thing))
                    .or(() -> Optional.ofNullable(REMOVED.get(phrase))
                            .map(name -> new WrittenTapback(name, null, true, quote, thing)));
        }

        private static Thing thing(String object) {
            return LINKS.contains(object) ? Thing.LINK : MESSAGES.contains(object) ? Thing.ANY : Thing.MEDIA;
        }

        /// Phones change white space and marks when they quote, and put what cannot be seen around it. One pass,
        /// since every text that comes is read so.
        private static String even(String text) {
            StringBuilder even = new StringBuilder(text.length());
            boolean gap = false;
            for (int at = 0; at < text.length(); at++) {
                char letter = text.charAt(at);
                if (Character.isWhitespace(letter) || Character.isSpaceChar(letter)) {
                    gap = true;
                } else if (Character.getType(letter) != Character.FORMAT || letter == ZERO_WIDTH_JOINER) {
                    even.append(gap && !even.isEmpty() ? " " : "").append(QUOTES.indexOf(letter) < 0 ? letter : '"');
                    gap = false;
                }
            }
            return even.toString().replace("...", "…");
        }

        /// Small letters and single spaces alone, without accents.
        private static String folded(String text) {
            return Normalizer.normalize(text, Normalizer.Form.NFD)
                    .replaceAll("\\p{M}", "")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}]+", " ")
                    .strip();
        }

        private static Map<String, String> words(String table) {
            return table.lines()
                    .map(line -> line.split(": "))
                    .flatMap(line -> Arrays.stream(line[1].split(", ")).map(words -> Map.entry(words, line[0])))
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }
}
