package partyline.drivers.bluebubbles;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Apple's names of the thirteen effects. The server does not check them, so no other is ever sent.
final class Effects {

    private static final String BUBBLE = "com.apple.MobileSMS.expressivesend.";
    private static final String SCREEN = "com.apple.messages.effect.";
    private static final Map<String, String> APPLE = Map.ofEntries(
            Map.entry("slam", BUBBLE + "impact"),
            Map.entry("loud", BUBBLE + "loud"),
            Map.entry("gentle", BUBBLE + "gentle"),
            Map.entry("invisible", BUBBLE + "invisibleink"),
            Map.entry("echo", SCREEN + "CKEchoEffect"),
            Map.entry("spotlight", SCREEN + "CKSpotlightEffect"),
            Map.entry("balloons", SCREEN + "CKHappyBirthdayEffect"),
            Map.entry("confetti", SCREEN + "CKConfettiEffect"),
            Map.entry("love", SCREEN + "CKHeartEffect"),
            Map.entry("lasers", SCREEN + "CKLasersEffect"),
            Map.entry("fireworks", SCREEN + "CKFireworksEffect"),
            Map.entry("celebration", SCREEN + "CKSparklesEffect"),
            Map.entry("shooting_star", SCREEN + "CKShootingStarEffect"));
    /// Some senders use other names for two of them.
    private static final Map<String, String> ALIASES =
            Map.of(SCREEN + "CKCelebrationEffect", "celebration", SCREEN + "CKBalloonEffect", "balloons");
    private static final Map<String, String> OURS =
            APPLE.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private Effects() {}

    static Optional<String> apple(@Nullable String style) {
        return Optional.ofNullable(style).map(APPLE::get);
    }

    static Optional<String> ours(String apple) {
        return Optional.ofNullable(OURS.get(apple)).or(() -> Optional.ofNullable(ALIASES.get(apple)));
    }
}
