CREATE TABLE IF NOT EXISTS EnergyLayers (
    MRN varchar(64) NOT NULL,
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    BeamNumber int NOT NULL,
    Layer int NOT NULL,
    Energy_MeV double,
    Spots int NOT NULL,
    Weight double NOT NULL,
    Meterset double,
    MetersetUnit varchar(16),
    Paintings int,
    SpotSizeX_mm double,
    SpotSizeY_mm double,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */;
