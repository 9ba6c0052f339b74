# Completion of xxpy for fish. Install: xxpy completion fish > ~/.config/fish/completions/xxpy.fish

function _xxpy_completion
    set -l answer (_XXPY_COMPLETE=fish _XXPY_LINE=(commandline -cp | string collect) xxpy 2>/dev/null)
    set -l word (commandline -ct | string replace -r -- '^--[^=]*=' '')
    switch $answer[1]
        case files
            __fish_complete_path $word
        case folders
            __fish_complete_directories $word
    end
    for line in $answer[2..]
        echo $line
    end
end

complete --no-files --keep-order --command xxpy --arguments '(_xxpy_completion)'
