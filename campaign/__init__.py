"""What a campaign is: text, plans, decisions. CPU only; workers make the sound, storage keeps the rows.

The rooms, from the doors down to the ground; each imports only what stands below it (enforced, see pyproject.toml):

    cli  service                        doors: a terminal, HTTP
    rerender | gate | preview           what is done to or beside a campaign
    operations | evidence               what an operator does, what a third party is shown
    report                              what was made
    submission                          the way in
    registry                            what is named, versioned and chosen: presets, pins, channels, lexicons
    brief                               what was asked for
    speech                              text to spoken text
    results                             the operator's own copies
    errors                              every error, one tree
"""
