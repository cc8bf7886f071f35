package partyline.drivers.contract;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.transport.Service;

/// A fake of the service behind one line, and Ann, who has a phone that it reaches. It outlives the program: when that
/// starts anew, its driver finds the same fake.
public interface FakeLine extends AutoCloseable {

    /// What a service says that cannot keep the number of the line to itself.
    String NAMING = "(202) 555-0101 (+12025550101, 12025550101, 2025550101) may not text this number";

    /// Ann's number.
    String PERSON = "+12025550140";

    /// What this driver and its service can do; the contract asks for what is listed, and for a decent way of doing
    /// without what is not.
    enum Feature {
        /// Ann's phone shows effects.
        EFFECTS,
        /// It shows attachments.
        MEDIA,
        /// It shows what an attachment is called.
        SHOWS_FILE_NAMES,
        /// The service tells what a file is called that Ann sends.
        HEARS_FILE_NAMES,
        /// It shows our tapbacks, and takes them back.
        TAPBACKS,
        /// What we gave cannot be taken back.
        TAPBACKS_FOR_GOOD,
        /// The service tells of Ann's tapbacks.
        HEARS_TAPBACKS,
        /// Ann's phone shows that we type.
        TYPING,
        /// The service tells that Ann types.
        HEARS_TYPING,
        /// Ann's phone shows that we read.
        READ,
        /// The service tells that Ann read.
        HEARS_READ,
        /// The service tells that a text was delivered.
        DELIVERED,
        /// A phone may have no iMessage; the line then sends what is left on what the phone has.
        SMS,
        /// The service tells what people write who have a mail address in place of a number.
        HEARS_ADDRESSES,
        /// They can be answered.
        ANSWERS_ADDRESSES,
        /// The service can be asked what was sent, so that a send without an answer is found.
        FINDS_SENDS,
        /// The service keeps what Ann did while nobody listened, or tells it again until somebody does.
        CATCHES_UP,
        /// The service is a program of its own, which can be gone and can keep silent.
        REMOTE
    }

    /// What goes wrong with the next send.
    enum Trouble {
        /// It will never be sent.
        REFUSED,
        /// It was certainly not sent, and may be later.
        NOT_TAKEN,
        /// It was sent, and the answer is lost.
        SENT_WITHOUT_ANSWER,
        /// It was not sent, and the answer is lost.
        LOST_WITHOUT_ANSWER,
        /// It was sent, and the answer names what was sent before it.
        REPEATS_ID,
        /// It will never be sent, and the service's words name the number of the line in every way.
        NAMES_US,
        /// No answer comes before the driver gives up or closes.
        HANGS
    }

    /// What services say that no document of theirs tells.
    enum Oddity {
        /// An effect that nobody knows.
        STYLE,
        /// SMS, in letters that no document shows.
        SERVICE_IN_ODD_LETTERS,
        /// A service that nobody knows.
        SERVICE,
        /// A date that cannot be.
        TIME,
        /// The id of what Ann wrote last.
        KNOWN_ID,
        /// A sound file, of the type `Audio/MP4; codecs=mp4a`.
        TYPE_OF_A_FILE
    }

    /// The way of what the service tells the server.
    enum Way {
        STRAIGHT,
        /// Nothing arrives.
        LOST,
        /// Everything arrives twice.
        DOUBLED,
        /// What comes close together arrives in the wrong order.
        REORDERED,
        /// Everything arrives a good while later.
        DELAYED
    }

    /// A bubble of ours on Ann's phone, as her phone shows it; `id` is its provider id.
    record Bubble(
            String id, @Nullable String text, @Nullable String effect, boolean media, Service service) {

        /// One that nobody reacts to.
        public Bubble(@Nullable String text, @Nullable String effect, boolean media, Service service) {
            this("", text, effect, media, service);
        }
    }

    Set<Feature> features();

    /// What must not be read in any result, detail or complaint of the driver.
    List<String> secrets();

    /// The next send goes wrong.
    void next(Trouble trouble);

    /// Ann writes; the provider id that the server will know it by.
    String writes(String text);

    /// Ann writes, and the service tells it oddly; false where this one has no such thing to tell.
    default boolean writesOddly(String text, Oddity oddity) {
        return false;
    }

    /// Somebody writes from a mail address.
    default void writesFromAddress(String address, String text) {
        throw new UnsupportedOperationException("nobody has an address");
    }

    /// What was said to whoever has this mail address.
    default List<String> saidTo(String address) {
        return List.of();
    }

    /// Ann sends a picture that she calls so.
    default void sendsFile(String name) {
        throw new UnsupportedOperationException("Ann sends no files");
    }

    /// What the attachments on Ann's phone are called, oldest first.
    default List<String> fileNames() {
        return List.of();
    }

    /// Ann sets or takes away a tapback (one of the six) on the bubble with this provider id.
    void reacts(String providerId, String reaction, boolean removed);

    void types(boolean typing);

    /// Ann opens the thread and reads everything in it.
    void reads();

    /// The best service of Ann's phone from now on.
    void has(Service service);

    /// What Ann's phone shows of us, oldest first.
    List<Bubble> bubbles();

    /// Our tapback on the bubble with this provider id, as Ann's phone shows it.
    Optional<String> tapback(String providerId);

    boolean showsTyping();

    /// Whether Ann's phone shows that we read what she wrote last.
    boolean showsRead();

    /// Tells everything that it told so far again, newest first.
    void tellsAgain();

    /// What becomes of what it tells from now on. The driver may still ask for what was lost.
    void way(Way way);

    /// It is gone: nothing answers. What Ann does meanwhile reaches it when it is back.
    void stop();

    void start();

    @Override
    void close();
}
