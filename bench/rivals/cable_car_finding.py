"""Finds others by cable_car's BroadcastConnector."""

from cable_car.broadcast_connector import BroadcastConnector

import finding


def join(met):
    connector = BroadcastConnector()
    connector.on_connect_function = lambda socket: met()
    connector.connect()


finding.run(join)
