namespace Everyport.Steering.Cli.Help;

/// <summary>
/// What shells have to be told so that the tabulator completes: they ask the program itself, which knows verbs, options, services and rules.
/// </summary>
internal static class CompletionScripts
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    public static string For(string shell) => shell switch
    {
        "bash" => """
            # steerctl completion bash > /etc/bash_completion.d/steerctl
            _steerctl() {
                local word=${COMP_WORDS[COMP_CWORD]} found
                COMPREPLY=()
                while IFS= read -r found; do
                    [[ $found != "$word"* ]] || COMPREPLY+=("$(printf '%q' "$found")")
                done < <("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            }
            complete -o default -F _steerctl steerctl
            """,
        "zsh" => """
            #compdef steerctl
            # steerctl completion zsh > "${fpath[1]}/_steerctl"
            _steerctl() {
                local -a found
                found=("${(@f)$("$words[1]" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
                if (( ${#found} )); then
                    compadd -a found
                else
                    _files
                fi
            }
            compdef _steerctl steerctl
            """,
        _ => """
            # steerctl completion fish > ~/.config/fish/completions/steerctl.fish
            function __steerctl_complete
                set -l line (commandline -cp)
                steerctl "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c steerctl -a "(__steerctl_complete)"
            """,
    };
}
