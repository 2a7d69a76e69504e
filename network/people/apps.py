from network.apps import AnnouncingConfig


class PeopleConfig(AnnouncingConfig):
    name = "network.people"
