package partyline.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.identities.Handle;
import partyline.kernel.PhoneNumber;
import partyline.router.ConsentWords.Wish;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Service;

/// What phones and carriers do to a person's words, and what is still read in them.
class PersonTextTest {

    /// The words that a server has whose operator wrote none.
    private static final ConsentWords WORDS = new ConsentWords(
            Set.of("STOP", "STOP ALL", "STOPALL", "UNSUBSCRIBE", "OPT OUT", "OPTOUT"),
            Set.of(
                    ("QUIT,END,CANCEL,REVOKE,REMOVE,ARRET,ARRETER,ARRETEZ,DESABONNER,SE DESABONNER,DESINSCRIRE,ALTO,PARAR,BAJA,"
                                    + "DARSE DE BAJA,CANCELAR,STOPP,ABMELDEN,ABBESTELLEN,PARE,SAIR,DESCADASTRAR,FERMA,ANNULLA,"
                                    + "CANCELLAMI,DISISCRIVI,STOPPEN,AFMELDEN,STOPPA,AVSLUTA,AFMELD,REZYGNUJĘ,WYPISZ,СТОП,"
                                    + "ОТПИСАТЬСЯ,DUR,IPTAL,停止,配信停止,退订,退訂,수신거부,توقف,הסר")
                            .split(",")),
            Set.of("START", "UNSTOP"),
            ConsentWords.Answers.DEFAULT);

    private static final List<String> UNSEEN = List.of(
            "\u00AD",
            "\u034F",
            "\u061C",
            "\u115F",
            "\u180E",
            "\u200B",
            "\u200C",
            "\u200D",
            "\u200E",
            "\u200F",
            "\u202A",
            "\u202C",
            "\u202E",
            "\u2060",
            "\u2063",
            "\u2066",
            "\u2068",
            "\u2069",
            "\uFE0F",
            "\uFEFF",
            "\uFFFC",
            "\u0001",
            "\u007F",
            "\u0090",
            "\u3164",
            "\uDB40\uDC41",
            "\uDB40\uDD00");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connect \uFF20my-agent",
                "\uFF43\uFF4F\uFF4E\uFF4E\uFF45\uFF43\uFF54\u3000\uFF20my-agent",
                "connect \u0000my-agent",
                "connect \u00A1my-agent",
                "connect \u00BFmy-agent",
                "\u202Aconnect @my-agent\u202C",
                "connect \u2068@my-agent\u2069",
                "\u061Cconnect @my-agent",
                "connect @my-agent\uFE0F",
                "\uFFFCconnect @my-agent",
                "connect @my\u00AD-agent",
                "connect: @my-agent",
                "connect, @my-agent",
                "connect to: @my-agent",
                "*connect @my-agent*",
                "**connect** @my-agent",
                "`connect @my-agent`",
                "_connect @my-agent_",
                "connect _@my-agent_",
                "(connect @my-agent)",
                "connect [@my-agent]",
                "connect <@my-agent>",
                "\u00BFconnect @my-agent?",
                "connect @my-agent \uD83D\uDC4D",
                "connect @my-agent \uD83D\uDC4D\uD83C\uDFFD!",
                "connect @my-agent\n\nSent from my iPhone",
                "connect @my-agent\r\n\r\nEnvoy\u00E9 de mon iPad",
                "connect @my-agent\n\n-- \nAnn Lee\nExample Street",
                "conn\u200Bect @my\u200D-agent",
                "connect @my\u2011agent",
                "connect @my\u2013agent",
                "connect\u0085@my-agent",
                "\u300Cconnect @my-agent\u300D",
                "connect @my-agent\u3002"
            })
    void connect_is_read_in_what_phones_make_of_it(String text) {
        assertThat(Command.parse(text)).isEqualTo(new Command.Connect(Optional.of(new Handle("my-agent"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@list",
                "@help",
                "list\n\nof groceries",
                "help\n\nmy tablet",
                "@connect @my-agent",
                "\uD83D\uDC4D",
                "@?"
            })
    void what_is_for_somebody_else_is_no_command(String text) {
        assertThat(Command.parse(text)).isEqualTo(new Command.Unclear());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STOP",
                "Stop.",
                "STOP!!!",
                "\u201CStop\u201D",
                "\u00A0stop\u200F",
                "Stop. Thank you",
                "Stop.Thanks",
                "Stop! I want no more of this",
                "STOP ALL",
                "Stop-all",
                "OPT-OUT",
                "Opt-out.",
                "opt out",
                "Opt\u2011Out",
                "Stop please",
                "UNSUBSCRIBE ME",
                "unsubscribe me, please!",
                "stop\nSent from my iPhone",
                "stop\n\nSent from my iPhone",
                "(stop)",
                "*STOP*",
                "STOP-",
                "\u202ASTOP\u202C",
                "\u2068STOP\u2069",
                "\uFF33\uFF34\uFF2F\uFF30",
                "STOP\uFE0F",
                "STOP\u0000",
                "\u0000STOP",
                "STOP@",
                "\uFFFCSTOP",
                "st\u00ADop",
                "STOP\uD83D\uDED1",
                "\uD83D\uDED1 STOP \uD83D\uDED1",
                "\u00A1Stop!",
                "st\u00F3p"
            })
    void stop_is_stop_in_every_form_on_every_service(String text) {
        for (Service service : Service.values()) {
            assertThat(wish(text, service)).as(service.wire()).contains(Wish.STOP);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ARRET",
                "ARR\u00CAT",
                "ARRE\u0302T",
                "arr\u00EAt, merci",
                "Cancel",
                "END.",
                "quit please",
                "Revoke",
                "STOPP",
                "Se d\u00E9sabonner",
                "cancelar por favor",
                "\u0421\u0422\u041E\u041F",
                "\u9000\u8BA2",
                "\u0130PTAL",
                "Cancel\n\nSent from my Galaxy"
            })
    void words_of_many_languages_stop_what_comes_as_sms_and_are_talk_on_imessage(String text) {
        assertThat(wish(text, Service.SMS)).contains(Wish.STOP);
        assertThat(wish(text, Service.RCS)).contains(Wish.STOP);
        assertThat(wish(text, Service.IMESSAGE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stop by the shop at 5",
                "stop by. Then go on",
                "stop.by the shop",
                "stop.example.org is down",
                "please stop",
                "stop sending pictures",
                "don't stop",
                "Thank you. Stop.",
                "end of story",
                "Cancel. The table is for six",
                "cancel my order",
                "nonstop",
                "stops",
                "the bus stop",
                "",
                "\uD83D\uDED1",
                "me",
                "please"
            })
    void a_sentence_that_only_has_the_word_is_talk(String text) {
        for (Service service : Service.values()) {
            assertThat(wish(text, service)).as(service.wire()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"START", "start.", "\uFF33\uFF34\uFF21\uFF32\uFF34", "*Start*", "un\u00ADstop", "Start please"})
    void start_is_read_as_stop_is(String text) {
        assertThat(wish(text, Service.IMESSAGE)).contains(Wish.START);
    }

    /// A failure prints its seed.
    @Test
    void what_cannot_be_seen_changes_no_command_no_stop_and_no_name() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String at = "seed " + seed + ", round " + round;
            assertThat(Command.parse(strewn(random, "Connect to @my-agent.")))
                    .as(at)
                    .isEqualTo(new Command.Connect(Optional.of(new Handle("my-agent"))));
            assertThat(Command.parse(strewn(random, "replace @old-one with @new-one")))
                    .as(at)
                    .isEqualTo(new Command.Replace(
                            Optional.of(new Handle("old-one")), Optional.of(new Handle("new-one"))));
            assertThat(Command.parse(strewn(random, "list"))).as(at).isEqualTo(new Command.ListAgents());
            assertThat(wish(strewn(random, "Stop all. Thanks"), Service.IMESSAGE))
                    .as(at)
                    .contains(Wish.STOP);
            assertThat(Address.of(strewn(random, "@helper secret")).flatMap(Address::handle))
                    .as(at)
                    .contains(new Handle("helper"));
        }
    }

    @Test
    void any_text_can_be_read() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String text = random.ints(random.nextInt(40), 0, 0x10000)
                    .map(letter ->
                            random.nextInt(3) == 0 ? "@ .\n\"\u0000\u00A1connectstop".charAt(letter % 18) : letter)
                    .collect(StringBuilder::new, (all, letter) -> all.append((char) letter), StringBuilder::append)
                    .toString();
            assertThat(Command.parse(text)).as("seed " + seed).isNotNull();
            assertThat(Address.of(text)).as("seed " + seed).isNotNull();
            assertThat(wish(text, Service.SMS)).as("seed " + seed).isNotNull();
        }
    }

    private static String strewn(Random random, String text) {
        StringBuilder strewn = new StringBuilder();
        for (char letter : (text + " ").toCharArray()) {
            while (random.nextInt(3) == 0) {
                strewn.append(UNSEEN.get(random.nextInt(UNSEEN.size())));
            }
            strewn.append(letter);
        }
        return strewn.toString();
    }

    private static Optional<Wish> wish(String text, Service service) {
        return WORDS.wishOf(new TextReceived(
                "line", new PhoneNumber("+12025550140"), Instant.EPOCH, "p1", text, null, null, null, service, null));
    }
}
