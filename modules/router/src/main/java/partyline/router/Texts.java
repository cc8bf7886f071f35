package partyline.router;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import partyline.identities.Handle;
import partyline.identities.Identity;
import partyline.kernel.PhoneNumber;

/// Everything that the router ever says, in one place so that it can be read together.
final class Texts {

    private static final String COMMANDS = """
            connect @agent – start a conversation
            list – your agents
            disconnect @agent – end a conversation
            replace @old @new – swap one agent for another
            help – this text
            STOP – no more texts from any agent, until you text START""";

    /// For somebody who told the router to stop.
    static final String STOPPED = "You are disconnected from all agents, and no more texts will come from here. Text"
            + " START to {router} when you want to connect again.";

    /// For somebody who told an agent to stop, in the agent's own thread.
    static final String RELEASED =
            "You are disconnected from {agent} and get no more texts from here. Text \"connect {agent}\" to {router} to talk"
                    + " again.";

    /// For somebody who lets the router go on.
    static final String STARTED =
            "Welcome back. You are connected with nobody yet: text \"connect @agent\" to start a conversation.";

    /// For somebody who told an agent's own number to stop.
    static final String NUMBER_STOPPED =
            "You are disconnected from {agent} and get no more texts from this number. Text START here to talk again.";

    /// For somebody who lets such a number go on. It says nothing of the agent, which may be closed to them.
    static final String NUMBER_STARTED = "Welcome back: this number may text you again.";

    private Texts() {}

    static String help() {
        return "This is Partyline. It connects you with AI agents, each in a thread of its own. Text me:\n" + COMMANDS;
    }

    static String unclear() {
        return "I did not understand that. I only know these:\n" + COMMANDS;
    }

    static String connected(Identity agent) {
        return "You are connected with %s (%s). They will text you from a number of their own: save the card below, and write to them there."
                .formatted(agent.shownName(), agent.handle());
    }

    /// On a line that is the router's and the agents' at once.
    static String connectedHere(Identity agent, List<Identity> all) {
        String hello =
                "You are connected with %s (%s), an automated agent. Write here and they will answer; to stop, text \"disconnect %s\"."
                        .formatted(agent.shownName(), agent.handle(), agent.handle());
        return all.size() < 2 ? hello : hello + " " + several(agent, all);
    }

    static String switched(Identity agent) {
        return "You talk with %s (%s) now.".formatted(agent.shownName(), agent.handle());
    }

    /// For somebody who switches where every agent has a thread of its own.
    static String nothingToSwitch() {
        return "Each of your agents has a thread of its own: write to them there.";
    }

    private static String several(Identity agent, List<Identity> all) {
        Identity other = all.stream()
                .filter(it -> !it.id().equals(agent.id()))
                .findFirst()
                .orElse(agent);
        return "Here you have %s. What you write goes to %s; begin with \"%s\" to tell another one something, or text \"switch %s\" to talk with them."
                .formatted(names(all), agent.handle(), other.handle(), other.handle());
    }

    /// For somebody whose text begins with a name that none of their agents on this line has.
    static String whoIsMeant(Optional<String> name, List<Identity> agents) {
        return "Nobody got that: you have no agent %s here. You have %s. Please send it again, with one of these names at its beginning, or with no name for the one you talk with now."
                .formatted(name.orElse("of that name"), names(agents));
    }

    static String alreadyConnected(Identity agent) {
        return "You are already connected with %s (%s). Write to them in their thread; here is their card again."
                .formatted(agent.shownName(), agent.handle());
    }

    /// For somebody who texts from a mail address.
    static String needsNumber(PhoneNumber router) {
        return "This is Partyline. Your text came from a mail address, and I can only connect people by their telephone number. On your iPhone, in Settings > Apps > Messages > Send & Receive, choose your number under \"Start New Conversations From\", then text %s again. I say this once."
                .formatted(router);
    }

    /// One text for an unknown handle, an agent that is switched off, and one that is closed to this person.
    static String unavailable(String handle) {
        return "There is no agent %s that you can connect with. Check the spelling with whoever told you of it."
                .formatted(handle);
    }

    /// For somebody who tries one name after the other.
    static String tooManyNames() {
        return "You asked for many names that I do not know. Check the spelling with whoever told you of the agent, and try again in an hour.";
    }

    static String noLineFree(List<Identity> agents, String wanted) {
        String example =
                agents.isEmpty() ? "@agent" : agents.getFirst().handle().toString();
        return "You talk with as many agents as there are lines: %s. Make room with \"disconnect %s\", or swap with \"replace %s %s\"."
                .formatted(names(agents), example, example, wanted);
    }

    /// For somebody who comes when every line has met enough new people for a while.
    static String resting(String wanted) {
        return "I cannot connect you with %s right now: all lines are busy. Please try again in an hour."
                .formatted(wanted);
    }

    /// For somebody who comes while every line is down.
    static String outOfOrder(String wanted) {
        return "I cannot connect you with %s now: the lines that agents text from are out of order. It is no fault of yours, and whoever runs this server can see why. Please try again later."
                .formatted(wanted);
    }

    static String disconnected(Identity agent) {
        return "You are disconnected from %s (%s). Text \"connect %s\" to talk again; nothing is lost."
                .formatted(agent.shownName(), agent.handle(), agent.handle());
    }

    /// For somebody whom an admin disconnected.
    static String ended(Identity agent) {
        return "%s (%s) has ended your conversation: text \"connect %s\" to talk again; nothing is lost."
                .formatted(agent.shownName(), agent.handle(), agent.handle());
    }

    /// The same on the agent's own number.
    static String endedHere(Identity agent) {
        return "%s (%s) has ended your conversation: write here to talk again; nothing is lost."
                .formatted(agent.shownName(), agent.handle());
    }

    /// For somebody who disconnects on the agent's own number, where nobody has to connect.
    static String left(Identity agent) {
        return "You are disconnected from %s (%s). Write here whenever you want to talk again; nothing is lost. To get no more texts from this number, text STOP."
                .formatted(agent.shownName(), agent.handle());
    }

    static String notConnected(String handle) {
        return "You are not connected with %s. Text \"list\" to see your agents.".formatted(handle);
    }

    static String list(List<Identity> agents) {
        return agents.isEmpty()
                ? "You are not connected with any agent. Text \"connect @agent\" to start."
                : "You are connected with: " + names(agents) + ".";
    }

    /// The first text in an agent's own thread.
    static String greeting(Identity agent, PhoneNumber router) {
        return "Hello, this is %s, an automated agent. Write here and I will answer. To stop, text \"disconnect %s\" to %s."
                .formatted(agent.shownName(), agent.handle(), router);
    }

    /// The note on the contact card.
    static String cardNote(Identity agent, PhoneNumber router) {
        String about = agent.profile().contactSharing() ? agent.profile().description() : null;
        String stop = "Automated agent on Partyline. To stop, text \"disconnect %s\" to %s."
                .formatted(agent.handle(), router);
        return about == null || about.isBlank() ? stop : about.strip() + "\n\n" + stop;
    }

    /// For somebody who writes where a conversation used to be.
    static String hint(Handle agent, PhoneNumber router) {
        return "You are not connected with %s any more, so nobody read that. Text \"connect %s\" to %s to talk again."
                .formatted(agent, agent, router);
    }

    /// For somebody who writes where no conversation is.
    static String hint(PhoneNumber router) {
        return "Nobody reads this number for you. Text \"help\" to %s to see whom you can talk with.".formatted(router);
    }

    private static String names(List<Identity> agents) {
        return agents.stream().map(agent -> agent.handle().toString()).collect(Collectors.joining(", "));
    }
}
